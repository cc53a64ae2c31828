import { within } from './pause.ts';
import type { OutgoingMessage } from './text.ts';

/** The server could not be reached, or the connection broke. It may go better soon. */
export class Unreachable extends Error {}

/** The server answered and refused. */
export class Refused extends Error {
  readonly status: number;
  /** What the server asked to wait; null: it didn't say. */
  readonly retryAfterMs: number | null;
  constructor(status: number, sentence: string, retryAfterMs: number | null) {
    super(sentence);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
  /** Whether the same request may be taken later. */
  get passing(): boolean {
    return [403, 408, 425, 429].includes(this.status) || this.status >= 500 || this.status < 400;
  }
}

/** The token is not, or no longer, one of a device. Nothing will work until somebody does something. */
export class TokenRefused extends Error {
  constructor() {
    super(
      'The server does not know this token (401): it was rotated or revoked, or belongs to another server. ' +
        'Make a new token for this device in the console (Devices), store it, and start again.',
    );
  }
}

const requestLimitMs = 30_000;
const client = 'trunkline-device';

/** What went wrong below HTTP, in a few words. */
const causeOf = (error: unknown): string => {
  const cause = (error as { cause?: { code?: string; message?: string } }).cause;
  return cause?.code ?? cause?.message ?? (error as Error).message;
};

/** Retry-After in milliseconds; a date is read against the server's own clock, as ours may be wrong. */
const retryAfterOf = (headers: Headers): number | null => {
  const value = headers.get('retry-after');
  if (value === null) return null;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1_000;
  const ms = Date.parse(value) - Date.parse(headers.get('date') ?? '');
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
};

const refusalOf = async (response: Response): Promise<Refused> => {
  const place = response.headers.get('location');
  let sentence = `the server answered ${response.status}`;
  if (response.status >= 300 && response.status < 400 && place)
    sentence = `the server sends us to ${new URL(place, response.url).origin}: give that address as the server`;
  try {
    const problem = JSON.parse((await response.text()).slice(0, 10_000)) as {
      detail?: unknown;
      title?: unknown;
    };
    const said = problem.detail ?? problem.title;
    if (typeof said === 'string') sentence += `: ${said}`;
  } catch {
    // Not in our words: some proxy's page.
  }
  return new Refused(response.status, sentence, retryAfterOf(response.headers));
};

/** The protocol of devices over HTTP (contract/device.ts). Every function throws Unreachable, Refused or TokenRefused. */
export const createWire = ({ server, token }: { server: string; token: string }) => {
  const base = server.endsWith('/') ? server : `${server}/`;
  let heard: { serverMs: number; atMs: number } | null = null;

  const request = async (
    path: string,
    options: {
      method?: string;
      body?: unknown;
      headers?: Record<string, string>;
      signal: AbortSignal;
    },
  ): Promise<Response> => {
    let response: Response;
    try {
      response = await fetch(new URL(path, base), {
        method: options.method ?? 'GET',
        redirect: 'manual',
        signal: options.signal,
        headers: {
          authorization: `Bearer ${token}`,
          'user-agent': client,
          ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...options.headers,
        },
        ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      });
    } catch (error) {
      throw new Unreachable(`the server cannot be reached (${causeOf(error)})`);
    }
    const serverMs = Date.parse(response.headers.get('date') ?? '');
    if (Number.isFinite(serverMs)) heard = { serverMs, atMs: performance.now() };
    if (response.ok) return response;
    const refusal = await refusalOf(response);
    throw refusal.status === 401 ? new TokenRefused() : refusal;
  };

  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<string> =>
    within(requestLimitMs, null, async (signal) => {
      const response = await request(path, { method: 'POST', body, headers, signal });
      try {
        return await response.text();
      } catch (error) {
        throw new Unreachable(`the connection broke (${causeOf(error)})`);
      }
    });

  return {
    /** Opens the stream of texts, from a cursor on; the body is read by `followStream`. */
    stream: (cursor: string | null, signal: AbortSignal): Promise<Response> =>
      request('v1/device/stream', {
        signal,
        headers: { accept: 'text/event-stream', ...(cursor === null ? {} : { 'last-event-id': cursor }) },
      }),

    /** Asks for texts, waiting for the first up to `waitSeconds`. */
    poll(
      cursor: string | null,
      waitSeconds: number,
      stopping: AbortSignal,
    ): Promise<{ data: unknown[]; cursor: string | null }> {
      const query = new URLSearchParams({
        wait: String(waitSeconds),
        ...(cursor === null ? {} : { cursor }),
      });
      return within(waitSeconds * 1_000 + 20_000, stopping, async (signal) => {
        const response = await request(`v1/device/texts?${query}`, { signal });
        try {
          const answer = (await response.json()) as { data?: unknown; cursor?: unknown };
          if (!Array.isArray(answer.data)) throw new Error('the answer holds no texts');
          return { data: answer.data, cursor: typeof answer.cursor === 'string' ? answer.cursor : cursor };
        } catch (error) {
          throw new Unreachable(`the answer could not be read (${causeOf(error)})`);
        }
      });
    },

    ack: (id: string) => post(`v1/device/texts/${id}/ack`, {}),
    nack: (id: string, reason: string) =>
      post(`v1/device/texts/${id}/nack`, { reason: reason.slice(0, 500) }),

    /** Says that we are there. */
    heartbeat: () => post('v1/device/heartbeat', {}),

    /** Sends a message. The same key is the same message, however often it is sent. */
    send(message: OutgoingMessage, key: string): Promise<string> {
      const headers = { 'idempotency-key': key };
      if (!('device' in message)) return post('v1/device/messages', message, headers);
      return post(
        `v1/device/devices/${encodeURIComponent(message.device)}/texts`,
        { body: message.body },
        headers,
      );
    },

    /** The server's time in milliseconds, as its answers tell it: a device's own clock may be years off. Null: not known yet. */
    serverTime: (): number | null =>
      heard === null ? null : heard.serverMs + performance.now() - heard.atMs,
  };
};
export type Wire = ReturnType<typeof createWire>;
