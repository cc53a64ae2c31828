import { expect, test } from 'vitest';
import { answer, type Model } from './answer.ts';
import { createDemoModel } from './demo-model.ts';
import { ModelFailed } from './model-failed.ts';
import type { PastText } from './recent-history.ts';

const demo = createDemoModel();
const ask = (changes: Partial<Parameters<typeof answer>[0]> = {}) =>
  answer({
    model: demo,
    instructions: '',
    history: [{ role: 'user', text: 'hi' }],
    signal: new AbortController().signal,
    timeoutMs: 2_000,
    ...changes,
  });
const playing = (changes: Partial<typeof demo>): Model => ({ ...demo, ...changes });
type Generated = Awaited<ReturnType<typeof demo.doGenerate>>;
const generating = (changes: Partial<Generated>): Model =>
  playing({ doGenerate: async (options) => ({ ...(await demo.doGenerate(options)), ...changes }) });

test.each([[[]], [[{ role: 'assistant', text: 'Hello' }]]] as PastText[][][])(
  '%j holds nothing to answer',
  async (history) =>
    expect(ask({ history })).rejects.toEqual(
      new ModelFailed('There is no text to answer.', { retryable: false }),
    ),
);

test('a model that ignores its signal is left behind', async () => {
  const model = playing({ doGenerate: () => new Promise(() => {}) });
  await expect(ask({ model, timeoutMs: 50 })).rejects.toEqual(
    new ModelFailed('The model took longer than 50 ms.', { retryable: true }),
  );
  await expect(ask({ model, signal: AbortSignal.abort() })).rejects.toEqual(
    new ModelFailed('The turn was stopped.', { retryable: true }),
  );
});

test.each([
  [{ content: [] }, 'The model sent an empty answer.', true],
  [
    { content: [{ type: 'text', text: '**' }], finishReason: { unified: 'error', raw: 'x' } },
    'The model broke off.',
    true,
  ],
  [
    { content: [], finishReason: { unified: 'content-filter', raw: 'x' } },
    'The model declined to answer.',
    false,
  ],
] as [Partial<Generated>, string, boolean][])('%j: %s', async (generated, message, retryable) =>
  expect(ask({ model: generating(generated) })).rejects.toMatchObject({
    name: 'ModelFailed',
    message,
    retryable,
  }),
);

test('what the model is: flat, trimmed, and nothing of an error it throws', async () => {
  expect(
    await ask({ model: generating({ content: [{ type: 'text', text: '\n# Hi\n\n- **you**\n' }] }) }),
  ).toBe('Hi\n\n- you');
  const model = playing({ doGenerate: async () => Promise.reject(new Error('secret prompt')) });
  const error = await ask({ model }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ message: 'The model failed.', retryable: true });
  expect(JSON.stringify([String(error), (error as Error).stack])).not.toContain('secret');
});
