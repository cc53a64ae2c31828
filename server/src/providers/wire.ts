import { type Dispatcher, Pool } from 'undici';

export type WireOptions = {
  /** Time to connect, TLS included, milliseconds. */
  connectTimeoutMs: number;
  /** Time for a whole exchange from the moment it is asked for, waiting for a connection included, milliseconds. */
  requestTimeoutMs: number;
  /** Connections to one API address at most. */
  connections: number;
  /** Bytes of an answer that are read at most. */
  maxAnswerBytes: number;
};

const wireDefaults: WireOptions = {
  connectTimeoutMs: 5_000,
  requestTimeoutMs: 15_000,
  connections: 64,
  maxAnswerBytes: 512 * 1024,
};

type WireRequest = {
  method: 'GET' | 'POST';
  /** Path and query, from the root of the API. */
  path: string;
  headers: Record<string, string>;
  body: string | null;
};

/** How an exchange ended, by what is certain about it. `reason` is a clause for a sentence: no address, secret or body in it. */
export type Exchange =
  /** The answer's head arrived. `body` is null when the rest was cut short or is larger than is read. */
  | { kind: 'answered'; status: number; headers: Dispatcher.ResponseData['headers']; body: string | null }
  /** Not one byte of the request was written. */
  | { kind: 'not_sent'; reason: string; misconfigured: boolean }
  /** Some or all of the request was written, and no answer came. */
  | { kind: 'lost'; reason: string };

export type Wire = {
  /** One exchange with the API at `apiUrl`. Never rejects. */
  exchange(apiUrl: string, request: WireRequest): Promise<Exchange>;
  close(): Promise<void>;
};

type Origin = { pool: Pool; prefix: string };

/**
 * Connections to the APIs of providers, kept alive, one pool per address.
 *
 * HTTP/1.1 without pipelining, so that every connection carries one request at a time and a connection that breaks concerns that
 * one. Certainty comes from undici's onRequestStart: it is called right before a request's first byte is written to a socket that is
 * connected (TLS included), and never for a request that found no connection.
 */
export function createWire(options: Partial<WireOptions> = {}): Wire {
  const settings = { ...wireDefaults, ...options };
  const origins = new Map<string, Origin | null>();
  let closed = false;

  const originOf = (apiUrl: string): Origin | null => {
    const known = origins.get(apiUrl);
    if (known !== undefined) return known;
    const url = URL.parse(apiUrl);
    const usable = url !== null && (url.protocol === 'https:' || url.protocol === 'http:');
    const origin = usable
      ? { pool: openPool(url.origin, settings), prefix: url.pathname.replace(/\/+$/, '') }
      : null;
    origins.set(apiUrl, origin);
    return origin;
  };

  return {
    exchange(apiUrl, request) {
      if (closed)
        return Promise.resolve({ kind: 'not_sent', reason: 'we are stopping', misconfigured: false });
      const origin = originOf(apiUrl);
      if (!origin) {
        return Promise.resolve({
          kind: 'not_sent',
          reason: "the API's address is no URL",
          misconfigured: true,
        });
      }
      return exchangeOn(origin, request, settings);
    },
    async close() {
      closed = true;
      await Promise.all([...origins.values()].map((origin) => origin?.pool.close()));
      origins.clear();
    },
  };
}

function openPool(origin: string, settings: WireOptions): Pool {
  return new Pool(origin, {
    connections: settings.connections,
    pipelining: 1,
    allowH2: false,
    connect: { timeout: settings.connectTimeoutMs },
    // Our own timer ends an exchange; these are only there so that nothing of undici's ends it sooner.
    headersTimeout: settings.requestTimeoutMs + 5_000,
    bodyTimeout: settings.requestTimeoutMs + 5_000,
  });
}

function exchangeOn(origin: Origin, request: WireRequest, settings: WireOptions): Promise<Exchange> {
  return new Promise((resolve) => {
    const handler = createHandler(settings, resolve);
    try {
      origin.pool.dispatch(
        {
          method: request.method,
          path: origin.prefix + request.path,
          headers: request.headers,
          body: request.body,
        },
        handler,
      );
    } catch (error) {
      handler.onResponseError?.(unstarted, error instanceof Error ? error : new Error('dispatch failed'));
    }
  });
}

// What a handler is given when there was no request to control.
const unstarted = null as unknown as Dispatcher.DispatchController;

function createHandler(
  settings: WireOptions,
  resolve: (exchange: Exchange) => void,
): Dispatcher.DispatchHandler {
  let control: Dispatcher.DispatchController | null = null;
  let head: { status: number; headers: Dispatcher.ResponseData['headers'] } | null = null;
  let first: Buffer | null = null;
  let rest: Buffer[] | null = null;
  let size = 0;
  let settled = false;

  const settle = (exchange: Exchange): void => {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    resolve(exchange);
  };
  const settleWithout = (reason: string, misconfigured: boolean): void => {
    if (head) settle({ kind: 'answered', ...head, body: null });
    else if (control) settle({ kind: 'lost', reason });
    else settle({ kind: 'not_sent', reason, misconfigured });
  };
  const timer = setTimeout(() => {
    const missing = control ? 'answer' : 'free connection';
    settleWithout(`there was no ${missing} within ${settings.requestTimeoutMs / 1000} s`, false);
    control?.abort(abandoned);
  }, settings.requestTimeoutMs);

  return {
    onRequestStart(controller) {
      // It waited for a connection until its time was up, or was written before: it must not be written now.
      if (settled || control) controller.abort(abandoned);
      else control = controller;
    },
    onResponseStart(_controller, status, headers) {
      if (status >= 200) head = { status, headers };
    },
    onResponseData(controller, chunk) {
      size += chunk.length;
      if (size > settings.maxAnswerBytes) {
        settleWithout('the answer is too large', false);
        controller.abort(abandoned);
      } else if (!first) first = chunk;
      else if (rest) rest.push(chunk);
      else rest = [first, chunk];
    },
    onResponseEnd() {
      const body = rest ? Buffer.concat(rest).toString('utf8') : (first?.toString('utf8') ?? '');
      if (head) settle({ kind: 'answered', ...head, body });
      else settleWithout('there was no answer', false);
    },
    onResponseError(_controller, error) {
      const { reason, misconfigured } = explain(error);
      settleWithout(reason, misconfigured);
    },
  };
}

const abandoned = new Error('The exchange was given up.');

/** Why an exchange broke, from the error's code alone: messages of errors can hold addresses. */
function explain(error: Error): { reason: string; misconfigured: boolean } {
  const code = codeOf(error);
  if (code === 'ECONNREFUSED') return { reason: 'the connection was refused', misconfigured: false };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return { reason: 'its name was not found', misconfigured: false };
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return { reason: 'connecting took too long', misconfigured: false };
  if (code === 'UND_ERR_INVALID_ARG')
    return { reason: 'the request could not be formed', misconfigured: true };
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE') {
    return { reason: `the connection broke (${code})`, misconfigured: false };
  }
  return { reason: `the exchange failed (${code || 'no code'})`, misconfigured: false };
}

function codeOf(error: Error & { code?: unknown }): string {
  if (typeof error.code === 'string' && /^[A-Z0-9_]{1,60}$/.test(error.code)) return error.code;
  return '';
}
