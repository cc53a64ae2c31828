import { gunzipSync } from 'node:zlib';
import { Agent, type Dispatcher } from 'undici';
import { type Failure, failureOf, failureOfStatus, readTimeout } from './failure.ts';

export interface Answer {
  status: number;
  contentType: string;
  /** Up to 64 kB and one byte, so that a longer one can be told. */
  body: string;
  location: string | null;
}

export interface WebhookRequest {
  /** Without fragment, exactly as it is signed. */
  url: string;
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body: string | null;
  connectTimeout: number;
  readTimeout: number;
  /** Milliseconds of the real clock by which all must be done. */
  deadline: number;
}

export interface WebhookClient {
  /** Makes one request; returns the answer or what went wrong. Never throws. */
  request(request: WebhookRequest): Promise<{ answer: Answer | null; failure: Failure | null }>;
  close(): Promise<void>;
}

const longest = 64 * 1024;

/** The wire for webhooks: connections are kept open and shared, one agent for each connect timeout in use. */
export function createWebhookClient(): WebhookClient {
  const agents = new Map<number, Agent>();
  let closed = false;

  function agent(connectTimeout: number): Agent {
    let found = agents.get(connectTimeout);
    if (!found) {
      found = new Agent({ connections: 256, connect: { timeout: connectTimeout }, keepAliveTimeout: 10_000 });
      agents.set(connectTimeout, found);
    }
    return found;
  }

  async function request(wanted: WebhookRequest) {
    if (closed)
      return { answer: null, failure: { code: 11205, error: 'The simulator is closing', retry: null } };
    const wait = Math.max(Math.min(wanted.readTimeout, wanted.deadline - Date.now()), 1);
    const limit = wait < coarse ? limitExactly(wait) : null;
    try {
      const { origin, path, authorization } = target(wanted.url);
      if (authorization) wanted.headers.authorization = authorization;
      const response = await agent(wanted.connectTimeout).request({
        origin,
        path,
        method: wanted.method,
        headers: wanted.headers,
        body: wanted.body,
        headersTimeout: wait,
        bodyTimeout: wait,
        ...(limit && { signal: limit.signal }),
      });
      limit?.renew(wanted.deadline - Date.now());
      const body = await readBody(response, wanted.deadline);
      if (body === null) return { answer: null, failure: readTimeout };
      const answer: Answer = {
        status: response.statusCode,
        contentType: String(response.headers['content-type'] ?? ''),
        body,
        location: response.headers.location ? String(response.headers.location) : null,
      };
      return { answer, failure: failureOfStatus(answer.status) };
    } catch (thrown) {
      return { answer: null, failure: limit?.signal.aborted ? readTimeout : failureOf(thrown) };
    } finally {
      limit?.end();
    }
  }

  return {
    request,
    async close() {
      closed = true;
      await Promise.all([...agents.values()].map((open) => open.destroy()));
      agents.clear();
    },
  };
}

/** undici keeps its time limits to the second, which is right for the default of 15 and cheap. */
const coarse = 14_000;

/** A time limit that is kept to the millisecond, for what an override asks. */
function limitExactly(ms: number) {
  const controller = new AbortController();
  let timer = setTimeout(() => controller.abort(), ms);
  return {
    signal: controller.signal,
    renew(left: number) {
      clearTimeout(timer);
      timer = setTimeout(() => controller.abort(), Math.max(left, 1));
    },
    end: () => clearTimeout(timer),
  };
}

async function readBody(response: Dispatcher.ResponseData, deadline: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    if (Date.now() > deadline) return null;
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > longest) break;
  }
  const bytes = Buffer.concat(chunks);
  return (response.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
}

/** Where a URL leads, with its path as it was written where HTTP allows it: that is what was signed. */
function target(url: string): { origin: string; path: string; authorization: string | null } {
  const parsed = new URL(url);
  const written = /^[a-z]+:\/\/[^/?#]+(\/[\x21-\x7e]*)$/i.exec(url)?.[1];
  const user = parsed.username || parsed.password;
  const credentials = `${decodeURIComponent(parsed.username)}:${decodeURIComponent(parsed.password)}`;
  return {
    origin: parsed.origin,
    path: written ?? parsed.pathname + parsed.search,
    authorization: user ? `Basic ${Buffer.from(credentials).toString('base64')}` : null,
  };
}
