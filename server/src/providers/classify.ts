import type { ErrorExplanation, FailureClass } from './provider.ts';
import { type ErrorRow, errorTable } from './twilio/error-table.ts';

/** What an answer that isn't 2xx means for the message it was about. */
export type Verdict = {
  kind: 'retry' | 'unknown' | 'failed';
  class: FailureClass;
  sentence: string;
  /** What the table asks to wait before a retry, milliseconds; null: the usual backoff. */
  afterMs: number | null;
};

const rows = indexRows();

/** Exact codes over ranges, whatever their order in the table. */
function indexRows(): ReadonlyMap<string, ErrorRow> {
  const index = new Map<string, ErrorRow>();
  const exact: [string, ErrorRow][] = [];
  for (const row of errorTable) {
    for (const part of row.codes.split(' ')) {
      const [first = '', last] = part.split('-');
      if (last === undefined) exact.push([first, row]);
      else for (let code = Number(first); code <= Number(last); code++) index.set(String(code), row);
    }
  }
  for (const [code, row] of exact) index.set(code, row);
  return index;
}

/**
 * What became of a message, from the HTTP status of the answer to its creation and the code in its body, null when there was none.
 *  - 5xx is unknown, whatever the code: the failure may have come after the message was taken.
 *  - A code in the table decides otherwise; one that says 'perhaps' is unknown at any status.
 *  - 408 is unknown (a proxy gave up waiting, not Twilio); 409, 425 and 429 are tried again: they are refusals to begin.
 *  - 401 and 403 are about the account. 404 without a code, 3xx, 405 and 407 mean that the API's address is wrong.
 *  - A code that isn't in the table goes by its range: 3xxxx and 63xxx are the network's and tried again, all others are our fault.
 */
export function classify(httpStatus: number, code: string | null): Verdict {
  const row = code === null ? undefined : rows.get(code);
  if (httpStatus >= 500 || httpStatus === 408) {
    const sentence = `Twilio answered HTTP ${httpStatus}; it may have taken the message.`;
    return { kind: 'unknown', class: row?.class ?? 'transient', sentence, afterMs: null };
  }
  if (row) {
    const kind = row.ambiguous ? 'unknown' : row.retries ? 'retry' : 'failed';
    return { kind, class: row.class, sentence: row.sentence, afterMs: row.afterMs ?? null };
  }
  return classifyStatus(httpStatus, code);
}

function classifyStatus(httpStatus: number, code: string | null): Verdict {
  const verdict = (kind: Verdict['kind'], failure: FailureClass, sentence: string): Verdict => ({
    kind,
    class: failure,
    sentence,
    afterMs: null,
  });
  if (httpStatus === 429)
    return verdict('retry', 'rate_limit', 'Twilio asks us to slow down; the message was not taken.');
  if (httpStatus === 409 || httpStatus === 425) {
    return verdict('retry', 'transient', `Twilio put the request off (HTTP ${httpStatus}).`);
  }
  if (httpStatus === 401 || httpStatus === 403) {
    return verdict(
      'failed',
      'authentication',
      `Twilio refused the account SID and auth token (HTTP ${httpStatus}).`,
    );
  }
  if (code !== null) {
    const explained = explainError(code);
    return verdict(explained.retryable ? 'retry' : 'failed', explained.class, explained.sentence);
  }
  if (httpStatus < 400 || httpStatus === 404 || httpStatus === 405 || httpStatus === 407) {
    return verdict(
      'failed',
      'configuration',
      `What answers at the API's address is not Twilio's API (HTTP ${httpStatus}).`,
    );
  }
  return verdict('failed', 'request', `Twilio refused the request (HTTP ${httpStatus}).`);
}

/**
 * What an error code means, on a receipt or anywhere else. A code we don't know: 3xxxx and 63xxx come from the network and deserve
 * one more try, all others are a fault of the request.
 */
export function explainError(code: string): ErrorExplanation {
  const row = rows.get(code);
  if (row) {
    const retries = row.ambiguous ? 0 : (row.retries ?? 0);
    const afterMs = retries > 0 ? (row.afterMs ?? null) : null;
    return { class: row.class, sentence: row.sentence, retryable: retries > 0, retries, afterMs };
  }
  const known = /^[0-9]{4,6}$/.test(code);
  const network = /^(3[0-9]{4}|63[0-9]{3})$/.test(code);
  const sentence = known
    ? `Twilio reported error ${code}; see https://www.twilio.com/docs/errors/${code}.`
    : 'Twilio reported an error it gave no number for.';
  return {
    class: network ? 'transient' : 'request',
    sentence,
    retryable: network,
    retries: network ? 1 : 0,
    afterMs: null,
  };
}
