import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createGuardedFetch, type FetchOptions, type GuardedFetch } from './guarded-fetch.ts';

const limits: FetchOptions = { maxBytes: 10_000, timeoutMs: 2_000 };

/** Answers by `handle`, which each test sets; `seen` are the requests that came. */
let handle: RequestListener = () => {};
const seen: IncomingMessage[] = [];
const open: Server[] = [];
const listen = async (address: string, port = 0) => {
  const server = createServer((request, response) => {
    seen.push(request);
    handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(port, address, resolve));
  open.push(server);
  return (server.address() as AddressInfo).port;
};

let allowedPort: number;
let allowedUrl: string;
let otherPort: number;
let guarded: GuardedFetch;

beforeAll(async () => {
  [allowedPort, otherPort] = [await listen('127.0.0.1'), await listen('127.0.0.1')];
  allowedUrl = `http://127.0.0.1:${allowedPort}`;
  guarded = createGuardedFetch({ allowedOrigins: [`${allowedUrl}/a/path`] });
});
afterEach(() => {
  seen.length = 0;
});
afterAll(async () => {
  await guarded.close();
  for (const server of open) {
    server.close();
    server.closeAllConnections();
  }
});

const inside = () => [
  `http://127.0.0.1:${otherPort}/`,
  `http://localhost:${otherPort}/`,
  `http://127.1:${otherPort}/`,
  `http://2130706433:${otherPort}/`,
  `http://0x7f.0.0.1:${otherPort}/`,
  `http://0177.0.0.1:${otherPort}/`,
  `http://0.0.0.0:${otherPort}/`,
  `http://[::1]:${otherPort}/`,
  `http://[::]:${otherPort}/`,
  `http://[::ffff:127.0.0.1]:${otherPort}/`,
  `http://[::ffff:7f00:1]:${otherPort}/`,
  `http://[64:ff9b::7f00:1]:${otherPort}/`,
  `https://127.0.0.1:${otherPort}/`,
  'http://10.0.0.1/',
  'http://192.168.1.1/',
  'http://100.64.0.1/',
  'http://169.254.169.254/latest/meta-data/iam/security-credentials/',
  'http://[fd00:ec2::254]/latest/meta-data/',
  'http://[fe80::1]/',
  'http://168.63.129.16/',
];

describe('an address inside', () => {
  test('is refused before anything connects', async () => {
    for (const url of inside())
      expect(await guarded.fetch(url, limits), url).toMatchObject({ kind: 'refused', code: 'address' });
    expect(seen).toEqual([]);
  });

  test('is refused after a redirect, by a host that is allowed itself', async () => {
    for (const url of inside()) {
      handle = (_, response) => response.writeHead(307, { location: url }).end();
      expect(await guarded.fetch(allowedUrl, limits), url).toMatchObject({
        kind: 'refused',
        code: 'address',
      });
    }
    expect(seen.length).toBe(inside().length);
  });

  test.each([
    ['a loopback address', ['127.0.0.1']],
    ['the metadata service', ['169.254.169.254']],
    ['IPv6 loopback', ['::1']],
    ['a mapped address', ['::ffff:10.1.2.3']],
    ['a private address among public ones', ['93.184.216.34', '10.0.0.1']],
    ['nothing', []],
  ])('is refused when a name stands for %s', async (_, addresses) => {
    const one = createGuardedFetch({
      lookup: async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    });
    const fetched = await one.fetch(`http://inside.example:${otherPort}/`, limits);
    expect(fetched).toMatchObject({ kind: 'refused', code: 'address' });
    expect(seen).toEqual([]);
    await one.close();
  });

  test('is not reached by a name that changes its mind: the socket goes to the address that was checked', async () => {
    const port = await listen('127.0.0.2');
    await listen('127.0.0.1', port);
    let asked = 0;
    const one = createGuardedFetch({
      lookup: async () => [{ address: asked++ === 0 ? '127.0.0.2' : '127.0.0.1', family: 4 }],
      isPublic: (address) => address === '127.0.0.2',
    });
    handle = (request, response) => response.end(request.socket.localAddress);
    const url = `http://rebinds.example:${port}/`;
    const fetched = await one.fetch(url, limits);
    expect(fetched).toMatchObject({ kind: 'answered', body: Buffer.from('127.0.0.2') });
    expect(seen[0]!.headers.host).toBe(`rebinds.example:${port}`);
    expect(asked).toBe(1);
    // The connection is gone: the next one asks again, and the new answer is refused.
    for (const server of open) server.closeAllConnections();
    await expect.poll(async () => one.fetch(url, limits)).toMatchObject({ kind: 'refused', code: 'address' });
    await one.close();
  });

  test('is allowed for the very origin that is named, and not for another port of it', async () => {
    handle = (_, response) => response.end('yes');
    expect(await guarded.fetch(`${allowedUrl}/x`, limits)).toMatchObject({ kind: 'answered', status: 200 });
    expect(await guarded.fetch(`http://127.0.0.1:${otherPort}/x`, limits)).toMatchObject({ kind: 'refused' });
  });
});

describe('an address', () => {
  test.each([
    'ftp://example.com/a',
    'file:///etc/passwd',
    'data:text/plain,hello',
    'gopher://127.0.0.1/',
    '//example.com',
    'no address',
    '',
    'http://',
    'http://user:password@example.com/',
  ])('%j is refused, also as a redirect', async (url) => {
    expect(await guarded.fetch(url, limits)).toMatchObject({ kind: 'refused', code: 'url' });
    if (!url.includes(':')) return;
    handle = (_, response) => response.writeHead(302, { location: url }).end();
    expect(await guarded.fetch(allowedUrl, limits)).toMatchObject({ kind: 'refused', code: 'url' });
  });
});

describe('redirects', () => {
  test('are followed to the end, and no further than the limit', async () => {
    const hops =
      (count: number): RequestListener =>
      (request, response) => {
        const at = Number(request.url!.slice(1));
        if (at < count) response.writeHead(302, { location: `/${at + 1}` }).end();
        else response.end('there');
      };
    handle = hops(5);
    expect(await guarded.fetch(`${allowedUrl}/0`, limits)).toMatchObject({ body: Buffer.from('there') });
    handle = hops(6);
    expect(await guarded.fetch(`${allowedUrl}/0`, limits)).toMatchObject({
      kind: 'refused',
      code: 'redirects',
    });
  });

  test('keep credentials on the same origin and drop them when it changes', async () => {
    const two = createGuardedFetch({ allowedOrigins: [allowedUrl, `http://127.0.0.1:${otherPort}`] });
    handle = (request, response) => {
      if (request.url === '/0') response.writeHead(307, { location: '/1' }).end();
      else if (request.url === '/1')
        response.writeHead(307, { location: `http://127.0.0.1:${otherPort}/2` }).end();
      else response.end('there');
    };
    const headers = { Authorization: 'Basic c2VjcmV0', cookie: 'a=b', accept: '*/*' };
    expect(await two.fetch(`${allowedUrl}/0`, { ...limits, headers })).toMatchObject({ status: 200 });
    expect(seen.map((one) => one.headers.authorization)).toEqual([
      'Basic c2VjcmV0',
      'Basic c2VjcmV0',
      undefined,
    ]);
    expect(seen.map((one) => one.headers.cookie)).toEqual(['a=b', 'a=b', undefined]);
    expect(seen.every((one) => one.headers.accept === '*/*')).toBe(true);
    await two.close();
  });

  test.each([
    [302, 'GET', ''],
    [303, 'GET', ''],
    [307, 'POST', 'body'],
    [308, 'POST', 'body'],
  ])('of a POST by %i go on as %s', async (status, method, body) => {
    handle = (request, response) => {
      if (request.url === '/0') return response.writeHead(status, { location: '/1' }).end();
      let read = '';
      request.on('data', (chunk) => {
        read += chunk;
      });
      return request.on('end', () => response.end(`${request.method} ${read}`));
    };
    const fetched = await guarded.fetch(`${allowedUrl}/0`, { ...limits, method: 'POST', body: 'body' });
    expect(fetched).toMatchObject({ body: Buffer.from(`${method} ${body}`) });
  });
});

describe('limits', () => {
  test('an answer up to the limit is read whole', async () => {
    handle = (_, response) => response.end(Buffer.alloc(10_000, 'x'));
    expect(await guarded.fetch(allowedUrl, limits)).toMatchObject({ body: Buffer.alloc(10_000, 'x') });
  });

  test.each<[string, RequestListener]>([
    ['says it is too large', (_, response) => response.writeHead(200, { 'content-length': '10001' }).end()],
    [
      'does not end',
      (_, response) => {
        const more = () => {
          while (!response.destroyed && response.write(Buffer.alloc(1000))) {}
          if (!response.destroyed) response.once('drain', more);
        };
        more();
      },
    ],
  ])('an answer that %s is refused, and its connection ended', async (_, answer) => {
    let closed = false;
    handle = (request, response) => {
      request.socket.once('close', () => {
        closed = true;
      });
      answer(request, response);
    };
    const fetched = await guarded.fetch(allowedUrl, limits);
    expect(fetched).toMatchObject({ kind: 'refused', code: 'too_large' });
    await expect.poll(() => closed).toBe(true);
  });

  test.each<[string, RequestListener]>([
    ['says nothing', () => {}],
    ['stops in the middle', (_, response) => void response.write('x')],
    [
      'drips',
      (_, response) => {
        const timer = setInterval(() => response.write('x'), 20);
        response.once('close', () => clearInterval(timer));
      },
    ],
    ['redirects slowly', (_, r) => void setTimeout(() => r.writeHead(302, { location: '/' }).end(), 90)],
  ])('a host that %s is left after the time limit', async (_, answer) => {
    handle = answer;
    const fetched = await guarded.fetch(allowedUrl, { ...limits, timeoutMs: 300 });
    expect(fetched).toEqual({ kind: 'failed', reason: 'it took longer than 0.3 s' });
  });

  test('a fetch that is given up ends at once', async () => {
    const ending = new AbortController();
    handle = () => ending.abort();
    const fetched = await guarded.fetch(allowedUrl, { ...limits, signal: ending.signal });
    expect(fetched).toEqual({ kind: 'failed', reason: 'it was given up' });
  });
});

test('passing trouble is no refusal, and its reason tells no address', async () => {
  handle = (request) => request.socket.resetAndDestroy();
  expect(await guarded.fetch(allowedUrl, limits)).toEqual({
    kind: 'failed',
    reason: 'the connection broke',
  });
  const gone = createGuardedFetch({
    lookup: async () => {
      throw Object.assign(new Error('getaddrinfo ENOTFOUND secret.example'), { code: 'ENOTFOUND' });
    },
  });
  expect(await gone.fetch('http://secret.example/', limits)).toEqual({
    kind: 'failed',
    reason: 'its name was not found',
  });
  await gone.close();
  expect(await gone.fetch('http://secret.example/', limits)).toMatchObject({ kind: 'failed' });
});
