import { APICallError, InvalidPromptError, LoadAPIKeyError, NoSuchModelError } from 'ai';

/**
 * Why a model gave no answer, in a sentence that is safe to log and to show: never a key, a prompt or a response body, and no `cause`,
 * because the AI SDK's own errors carry all three.
 */
export class ModelFailed extends Error {
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;

  constructor(message: string, { retryable }: { retryable: boolean }) {
    super(message);
    this.name = 'ModelFailed';
    this.retryable = retryable;
  }
}

const failed = (message: string, retryable: boolean) => new ModelFailed(message, { retryable });

/** OpenAI's 429 for an account without credit; waiting does not help, unlike the 429 of a rate limit. */
const withoutCredit = (error: APICallError): boolean =>
  (error.data as { error?: { code?: unknown } } | undefined)?.error?.code === 'insufficient_quota';

const explainStatus = (status: number, error: APICallError): ModelFailed => {
  if (status === 401 || status === 403) return failed(`The model refused the API key (${status}).`, false);
  if (status === 402 || (status === 429 && withoutCredit(error)))
    return failed(`The model's account has no credit left (${status}).`, false);
  if (status === 404) return failed('The model or its address does not exist (404).', false);
  if (status === 408) return failed('The model timed out (408).', true);
  if (status === 429) return failed('The model is asked too often (429).', true);
  if (status >= 500) return failed(`The model is out of order (${status}).`, true);
  if (status < 300) return failed('The model sent an answer that could not be read.', true);
  return failed(`The model refused the request (${status}).`, status === 409 || status === 425);
};

/** Turns whatever a model call threw into a ModelFailed: refused keys and requests are final, the rest may be tried again. */
export const explainFailure = (error: unknown): ModelFailed => {
  if (error instanceof ModelFailed) return error;
  if (APICallError.isInstance(error)) {
    if (error.statusCode !== undefined) return explainStatus(error.statusCode, error);
    return failed('The model could not be reached.', true);
  }
  if (LoadAPIKeyError.isInstance(error)) return failed('The model has no API key.', false);
  if (InvalidPromptError.isInstance(error) || NoSuchModelError.isInstance(error))
    return failed('The model could not be asked.', false);
  return failed('The model failed.', true);
};
