import type { Model } from './answer.ts';
import { demoReply } from './demo-reply.ts';

type ModelV4 = Extract<Model, { specificationVersion: 'v4' }>;
type Prompt = Parameters<ModelV4['doGenerate']>[0]['prompt'];

const nothingUsed = {
  inputTokens: { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 0, text: 0, reasoning: 0 },
};
const finishReason = { unified: 'stop', raw: undefined } as const;

const reply = (prompt: Prompt): string => {
  let instructions = '';
  let text = '';
  let firstContact = true;
  for (const message of prompt) {
    if (message.role === 'system') instructions += `${message.content}\n`;
    if (message.role === 'assistant') firstContact = false;
    if (message.role === 'user')
      text = message.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
  }
  return demoReply({ instructions, text, firstContact });
};

/** The model that answers without a key: plain rules behind the AI SDK's interface. Instant, deterministic, touches no network. */
export const createDemoModel = (): ModelV4 => ({
  specificationVersion: 'v4',
  provider: 'trunkline',
  modelId: 'demo',
  supportedUrls: {},
  doGenerate: async ({ prompt }) => ({
    content: [{ type: 'text', text: reply(prompt) }],
    finishReason,
    usage: nothingUsed,
    warnings: [],
  }),
  doStream: async ({ prompt }) => ({
    stream: new ReadableStream({
      start(controller) {
        controller.enqueue({ type: 'stream-start', warnings: [] });
        controller.enqueue({ type: 'text-start', id: '0' });
        controller.enqueue({ type: 'text-delta', id: '0', delta: reply(prompt) });
        controller.enqueue({ type: 'text-end', id: '0' });
        controller.enqueue({ type: 'finish', finishReason, usage: nothingUsed });
        controller.close();
      },
    }),
  }),
});
