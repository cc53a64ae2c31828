import { classify } from '../classify.ts';
import type { Credentials, ListedMessage } from '../provider.ts';
import { ProviderUnavailable } from '../provider-unavailable.ts';
import type { Wire } from '../wire.ts';
import { accountPath, callHeaders } from './authorization.ts';
import { encode } from './encode.ts';
import { readCode, readObject, readRetryAfter } from './read-answer.ts';
import { readStatus } from './statuses.ts';

const pageSize = 50;
const mostPages = 5;

/**
 * The messages between a pair created at or after `since`, newest first. Twilio sorts by the date of sending, which a message that
 * waits doesn't have yet, so paging goes on until a whole page is older. Throws ProviderUnavailable rather than answer in part: what
 * is missing from the answer may be sent again.
 */
export async function listMessages(
  wire: Wire,
  query: { from: string; to: string; since: Date },
  credentials: Credentials,
): Promise<ListedMessage[]> {
  const since = query.since.getTime();
  let path = `${accountPath(credentials)}/Messages.json?To=${encode(query.to)}`;
  if (query.from !== '') path += `&From=${encode(query.from)}`;
  path += `&PageSize=${pageSize}`;
  const found: ListedMessage[] = [];
  for (let page = 0; page < mostPages; page++) {
    const answer = await get(wire, path, credentials);
    if (!Array.isArray(answer.messages)) throw unreadable();
    const messages = answer.messages.map(readMessage);
    const recent = messages.filter((message) => message.createdAt.getTime() >= since);
    found.push(...recent);
    const next = answer.next_page_uri;
    if (typeof next !== 'string' || next === '' || recent.length === 0) {
      return found.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
    }
    // Relative to the API's address; an absolute one would take our credentials elsewhere.
    if (!next.startsWith('/') || next.startsWith('//')) throw unreadable();
    path = next;
  }
  throw new ProviderUnavailable(`There are more than ${mostPages * pageSize} messages to look through.`, {
    class: 'request',
  });
}

/** One message as Twilio has it; null: there is none by that id. Throws ProviderUnavailable. */
export async function fetchMessage(
  wire: Wire,
  providerSid: string,
  credentials: Credentials,
): Promise<ListedMessage | null> {
  const path = `${accountPath(credentials)}/Messages/${encode(providerSid)}.json`;
  try {
    return readMessage(await get(wire, path, credentials));
  } catch (error) {
    if (error instanceof ProviderUnavailable && error.code === '20404') return null;
    throw error;
  }
}

/** The object at a path. */
async function get(wire: Wire, path: string, credentials: Credentials): Promise<Record<string, unknown>> {
  const headers = callHeaders(credentials);
  if (!headers)
    throw new ProviderUnavailable('There is no auth token to call with.', { class: 'configuration' });
  const exchange = await wire.exchange(credentials.apiUrl, { method: 'GET', path, headers, body: null });
  if (exchange.kind !== 'answered') {
    throw new ProviderUnavailable(`Twilio could not be asked: ${exchange.reason}.`, { class: 'transient' });
  }
  const answer = readObject(exchange.body);
  if (exchange.status >= 200 && exchange.status < 300) {
    if (!answer) throw unreadable();
    return answer;
  }
  const code = readCode(answer?.code);
  const verdict = classify(exchange.status, code);
  // Classify speaks about creating; a question that got 5xx has simply had no answer.
  const sentence = verdict.kind === 'unknown' ? `Twilio answered HTTP ${exchange.status}.` : verdict.sentence;
  const afterMs = readRetryAfter(exchange.headers) ?? verdict.afterMs;
  throw new ProviderUnavailable(sentence, { class: verdict.class, code, afterMs });
}

function readMessage(value: unknown): ListedMessage {
  if (typeof value !== 'object' || value === null) throw unreadable();
  const message = value as Record<string, unknown>;
  const { sid, to, from, status, direction } = message;
  const createdAt = Date.parse(typeof message.date_created === 'string' ? message.date_created : '');
  if (typeof sid !== 'string' || typeof to !== 'string' || typeof status !== 'string') throw unreadable();
  if (Number.isNaN(createdAt)) throw unreadable();
  return {
    providerSid: sid,
    from: typeof from === 'string' ? from : null,
    to,
    body: typeof message.body === 'string' ? message.body : '',
    status: readStatus(status),
    rawStatus: status,
    errorCode: readCode(message.error_code),
    direction: direction === 'inbound' ? 'inbound' : 'outbound',
    createdAt: new Date(createdAt),
  };
}

function unreadable(): ProviderUnavailable {
  return new ProviderUnavailable("Twilio's answer could not be read.", { class: 'transient' });
}
