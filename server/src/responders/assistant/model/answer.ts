import { generateText, type LanguageModel } from 'ai';
import { flattenMarkdown } from './flatten-markdown.ts';
import { explainFailure, ModelFailed } from './model-failed.ts';
import { type PastText, recentHistory } from './recent-history.ts';

/** A model that is called directly; a bare name would go through the AI SDK's hosted gateway. */
export type Model = Exclude<LanguageModel, string>;

const smsRules = `You answer text messages (SMS) for the owner of this phone number.
Write plain text fit for SMS: no markdown, no headings, no tables.
Keep to about 300 characters at most, unless the person asks for more.
Write in the language the person writes in.
Never claim to be human; when asked, say that you are an automated assistant.
Notes in square brackets such as [sent 1 picture] come from the system; you cannot see pictures.`;

/** Room for a model that thinks before it writes; a cap, not a length to aim for. */
const maxOutputTokens = 4_000;

/**
 * Asks a model for the next text of a conversation, once: no retries here, the turn engine has them.
 * @param history oldest first, ending with a text of the person.
 * @param timeoutMs how long the whole call may take, in milliseconds.
 * @returns the answer as plain text, trimmed, never empty.
 * @throws ModelFailed, always: its message is safe to log and `retryable` says whether to ask again.
 */
export const answer = async (input: {
  model: Model;
  instructions: string;
  history: PastText[];
  signal: AbortSignal;
  timeoutMs: number;
}): Promise<string> => {
  const messages = recentHistory(input.history);
  if (messages.at(-1)?.role !== 'user')
    throw new ModelFailed('There is no text to answer.', { retryable: false });

  const timeout = AbortSignal.timeout(input.timeoutMs);
  const abortSignal = AbortSignal.any([input.signal, timeout]);
  const generated = generateText({
    model: input.model,
    instructions: [smsRules, input.instructions.trim()].filter(Boolean).join('\n\n'),
    messages,
    maxOutputTokens,
    maxRetries: 0,
    abortSignal,
    telemetry: { isEnabled: false },
  });
  // A model that ignores its signal must not hold the conversation's turn.
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(abortSignal.reason);
  if (abortSignal.aborted) abort();
  abortSignal.addEventListener('abort', abort, { once: true });
  try {
    const { text, finishReason } = await Promise.race([generated, aborted]);
    if (finishReason === 'error') throw new ModelFailed('The model broke off.', { retryable: true });
    const plain = flattenMarkdown(text).trim();
    if (plain) return plain;
    if (finishReason === 'content-filter')
      throw new ModelFailed('The model declined to answer.', { retryable: false });
    throw new ModelFailed('The model sent an empty answer.', { retryable: true });
  } catch (error) {
    if (input.signal.aborted) throw new ModelFailed('The turn was stopped.', { retryable: true });
    if (timeout.aborted)
      throw new ModelFailed(`The model took longer than ${input.timeoutMs} ms.`, { retryable: true });
    throw explainFailure(error);
  } finally {
    abortSignal.removeEventListener('abort', abort);
  }
};
