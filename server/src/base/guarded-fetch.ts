import type { LookupAddress } from 'node:dns';
import { lookup as resolve } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Agent, buildConnector, type Dispatcher, errors } from 'undici';
import { isPublicAddress } from './public-address.ts';

export type FetchOptions = {
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Lower-case names. `authorization` and `cookie` stay behind when a redirect leaves the host. */
  headers?: Record<string, string>;
  body?: string | Buffer | null;
  /** Bytes of the answer that are read at most. */
  maxBytes: number;
  /** For everything together: names, connections, redirects, the whole answer; milliseconds. */
  timeoutMs: number;
  signal?: AbortSignal;
};

/** How a fetch ended. `reason` is a clause for a sentence: no address, secret or body in it. */
export type Fetched =
  | { kind: 'answered'; status: number; headers: Record<string, string>; body: Buffer }
  /** It goes nowhere we go, or is more than we take: another try ends the same way. */
  | { kind: 'refused'; code: 'address' | 'url' | 'redirects' | 'too_large'; reason: string }
  /** Passing trouble. */
  | { kind: 'failed'; reason: string };

export type GuardedFetch = {
  /** Fetches an address that came from data. Never rejects. */
  fetch(url: string, options: FetchOptions): Promise<Fetched>;
  close(): Promise<void>;
};

const mostRedirects = 5;
const connectTimeoutMs = 10_000;
const staysBehind = ['authorization', 'cookie', 'proxy-authorization'];

class Refusal extends Error {
  readonly code: 'address' | 'url' | 'redirects' | 'too_large';
  constructor(code: Refusal['code'], reason: string) {
    super(reason);
    this.code = code;
  }
}
const notPublic = () => new Refusal('address', 'it leads to an address that is not on the public internet');

type Parts = {
  /**
   * Origins (scheme, host and port) that are reached although they may be private, because a setting names them and no stranger
   * does: the simulator, the provider's API.
   */
  allowedOrigins?: string[];
  /** Tests only: what a name stands for, and what counts as public. */
  lookup?: (hostname: string) => Promise<LookupAddress[]>;
  isPublic?: (address: string) => boolean;
};

/**
 * The one way an HTTP call to a host that came from data goes out. The connection itself is guarded: a name is resolved once, every
 * address it stands for must be public, and the socket goes to those very addresses, so neither a redirect nor a name that changes
 * its mind (DNS rebinding) leads inside.
 */
export const createGuardedFetch = ({
  allowedOrigins = [],
  lookup = (hostname) => resolve(hostname, { all: true }),
  isPublic = isPublicAddress,
}: Parts = {}): GuardedFetch => {
  const allowed = new Set(allowedOrigins.map((url) => new URL(url).origin));

  const checkedLookup = (
    hostname: string,
    _options: unknown,
    done: (error: Error | null, addresses: LookupAddress[]) => void,
  ) => {
    lookup(hostname).then(
      (found) =>
        found.length > 0 && found.every((one) => isPublic(one.address))
          ? done(null, found)
          : done(notPublic(), []),
      (error: Error) => done(error, []),
    );
  };
  const connect = buildConnector({
    timeout: connectTimeoutMs,
    lookup: checkedLookup as never,
    autoSelectFamily: true,
  });
  const open = new Agent({ connect: { timeout: connectTimeoutMs } });
  const guarded = new Agent({
    connect: (options, done) => {
      // An address is connected to without a lookup.
      const literal = options.hostname.replace(/^\[|\]$/g, '');
      if (isIP(literal) !== 0 && !isPublic(literal)) return done(notPublic(), null);
      connect(options, done);
    },
  });

  const checkUrl = (text: string, base?: URL): URL => {
    const url = URL.parse(text, base?.href);
    if (!url || !/^https?:$/.test(url.protocol)) throw new Refusal('url', 'it leads to no http address');
    if (url.username !== '' || url.password !== '')
      throw new Refusal('url', 'it has a name and password in its address');
    return url;
  };

  const follow = async (
    first: string,
    options: FetchOptions,
    signal: AbortSignal,
  ): Promise<Extract<Fetched, { kind: 'answered' }>> => {
    let url = checkUrl(first);
    let method = options.method ?? 'GET';
    let headers = { 'accept-encoding': 'identity', 'user-agent': 'trunkline', ...options.headers };
    let body = options.body ?? null;
    for (let hop = 0; ; hop++) {
      const answer = await (allowed.has(url.origin) ? open : guarded).request({
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        headers,
        body,
        signal,
        headersTimeout: options.timeoutMs + 5_000,
        bodyTimeout: options.timeoutMs + 5_000,
      });
      const { statusCode: status, headers: answered } = answer;
      const location = answered.location;
      if (![301, 302, 303, 307, 308].includes(status) || typeof location !== 'string') {
        const read = await readWhole(answer, options.maxBytes);
        return { kind: 'answered', status, headers: firstOfEach(answered), body: read };
      }
      abandon(answer.body);
      if (hop === mostRedirects) throw new Refusal('redirects', 'it redirects too often');
      const next = checkUrl(location, url);
      if (next.origin !== url.origin)
        headers = Object.fromEntries(
          Object.entries(headers).filter(([name]) => !staysBehind.includes(name.toLowerCase())),
        ) as typeof headers;
      // https://fetch.spec.whatwg.org/#http-redirect-fetch: only 307 and 308 keep what was sent.
      if (status === 303 ? method !== 'HEAD' : status < 303 && method === 'POST') {
        method = 'GET';
        body = null;
      }
      url = next;
    }
  };

  return {
    async fetch(url, options) {
      const limit = AbortSignal.timeout(options.timeoutMs);
      const signal = options.signal ? AbortSignal.any([limit, options.signal]) : limit;
      try {
        return await follow(url, options, signal);
      } catch (error) {
        const refusal = refusalIn(error);
        if (refusal) return { kind: 'refused', code: refusal.code, reason: refusal.message };
        if (limit.aborted)
          return { kind: 'failed', reason: `it took longer than ${options.timeoutMs / 1000} s` };
        if (options.signal?.aborted) return { kind: 'failed', reason: 'it was given up' };
        return { kind: 'failed', reason: explain(error) };
      }
    },
    async close() {
      await Promise.all([open.close(), guarded.close()]);
    },
  };
};

/** Ends an answer that nobody reads on; destroying it makes it say so. */
const abandon = (body: Dispatcher.ResponseData['body']) => body.on('error', () => {}).destroy();

const readWhole = async (answer: Dispatcher.ResponseData, maxBytes: number): Promise<Buffer> => {
  const tooLarge = () => {
    abandon(answer.body);
    return new Refusal('too_large', `it is larger than ${maxBytes} bytes`);
  };
  if (Number(answer.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const firstOfEach = (headers: Dispatcher.ResponseData['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      const first = Array.isArray(value) ? value[0] : value;
      return first === undefined ? [] : [[name, first]];
    }),
  );

/** A refusal of the connector may come wrapped. */
const refusalIn = (error: unknown): Refusal | null => {
  for (let one = error; one instanceof Error; one = one.cause) if (one instanceof Refusal) return one;
  return null;
};

/** Why it broke, from the error's code alone: messages of errors can hold addresses. */
const explain = (error: unknown): string => {
  const code = String((error as { code?: unknown } | null)?.code ?? '');
  if (code === 'ECONNREFUSED') return 'the connection was refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'its name was not found';
  if (error instanceof errors.ConnectTimeoutError) return 'connecting took too long';
  if (error instanceof errors.SocketError || code === 'ECONNRESET' || code === 'EPIPE')
    return 'the connection broke';
  return `the exchange failed (${/^[A-Z0-9_]{1,60}$/.test(code) ? code : 'no code'})`;
};
