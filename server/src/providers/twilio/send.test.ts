import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answerJson, createTwilioWire, messageResource, unusedUrl } from '../../../test/twilio-wire.ts';
import type { Credentials, Outcome, OutgoingText, Provider } from '../provider.ts';
import { createTwilio } from './twilio.ts';

const text: OutgoingText = {
  messageId: '0198f000-0000-7000-8000-000000000001',
  from: '+15558675310',
  to: '+14017122661',
  body: 'Hello & welcome',
  mediaUrls: [],
  messagingServiceSid: null,
  statusCallbackUrl: 'https://sms.example.org/receipts',
  validitySeconds: null,
};
const token = '0123456789abcdef0123456789abcdef';
const account = (apiUrl: string): Credentials => ({
  accountSid: `AC${'0'.repeat(32)}`,
  authTokens: [token],
  apiUrl,
});
const created = messageResource({
  sid: 'SM0a',
  to: text.to,
  body: text.body,
  status: 'queued',
  createdAt: new Date(0),
});

const open: { close(): Promise<void> }[] = [];
const closing = <T extends { close(): Promise<void> }>(thing: T): T => {
  open.push(thing);
  return thing;
};
let provider: Provider;
beforeEach(() => {
  provider = closing(createTwilio({ requestTimeoutMs: 400, connectTimeoutMs: 300, maxAnswerBytes: 10_000 }));
});
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

/** A bare socket server: `play` has the whole connection in its hands. */
async function listen(play: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    play(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return closing({
    port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  });
}

const http = (head: string, body = '') => `HTTP/1.1 ${head}\r\n\r\n${body}`;
const json = JSON.stringify(created);
const say = (answer: string, then?: (socket: Socket) => void) => (socket: Socket) => {
  socket.once('data', () => socket.write(answer, () => then?.(socket)));
};

describe('what a connection does, and what is certain then', () => {
  test.each<[string, (socket: Socket) => void, Partial<Outcome>]>([
    ['accepts and never answers', () => undefined, { kind: 'unknown' }],
    ['reads and never answers', (socket) => void socket.resume(), { kind: 'unknown' }],
    [
      'resets at the first byte',
      (socket) => void socket.once('data', () => socket.resetAndDestroy()),
      { kind: 'unknown' },
    ],
    ['reads and closes', (socket) => void socket.once('data', () => socket.end()), { kind: 'unknown' }],
    ['answers and is no HTTP', say('SSH-2.0-OpenSSH_9.9\r\n', (socket) => socket.end()), { kind: 'unknown' }],
    ['half a status line', say('HTTP/1.1 20', (socket) => socket.destroy()), { kind: 'unknown' }],
    [
      '201 with its length',
      say(http(`201 Created\r\ncontent-length: ${json.length}`, json)),
      { kind: 'sent', providerSid: 'SM0a', segments: 1, providerStatus: 'queued' },
    ],
    [
      '201 after 103',
      say(http('103 Early Hints') + http(`201 Created\r\ncontent-length: ${json.length}`, json)),
      { kind: 'sent' },
    ],
    [
      '200 until the connection closes',
      say(http('200 OK', json), (socket) => socket.end()),
      { kind: 'sent' },
    ],
    [
      '201 and half of the JSON, then a reset',
      say(http(`201 Created\r\ncontent-length: ${json.length}`, json.slice(0, 20)), (socket) =>
        socket.destroy(),
      ),
      { kind: 'unknown' },
    ],
    [
      '201 and half of the JSON, then silence',
      say(http(`201 Created\r\ncontent-length: ${json.length}`, json.slice(0, 20))),
      { kind: 'unknown' },
    ],
    ['201 without a body', say(http('201 Created\r\ncontent-length: 0')), { kind: 'unknown' }],
    ['201 with an array', say(http('201 Created\r\ncontent-length: 2', '[]')), { kind: 'unknown' }],
    ['201 without end', say(http('201 Created', 'x'.repeat(50_000))), { kind: 'unknown' }],
    [
      '400 cut short',
      say(http('400 Bad Request\r\ncontent-length: 99', '{"code":212'), (socket) => socket.destroy()),
      { kind: 'failed', code: null, class: 'request' },
    ],
    [
      '429 without end',
      say(http('429 Too Many Requests\r\nretry-after: 2', 'x'.repeat(50_000))),
      { kind: 'retry', afterMs: 2000 },
    ],
    [
      '500 cut short',
      say(http('500 Oops\r\ncontent-length: 99'), (socket) => socket.destroy()),
      { kind: 'unknown' },
    ],
    [
      'a redirect',
      say(http('301 Moved\r\nlocation: https://example.org/\r\ncontent-length: 0')),
      { kind: 'failed', class: 'configuration' },
    ],
  ])('%s', async (_, play, expected) => {
    const { port } = await listen(play);
    expect(await provider.send(text, account(`http://127.0.0.1:${port}`))).toMatchObject(expected);
  });

  test.each<[string, () => Promise<string>, string]>([
    ['nothing listens', unusedUrl, 'refused'],
    ['no such name', async () => 'http://nowhere.invalid', 'name'],
    [
      'TLS to a server that has none',
      async () =>
        `https://127.0.0.1:${(await listen((socket) => void socket.once('data', () => socket.end(http('400 Bad Request'))))).port}`,
      '',
    ],
    [
      'TLS that never answers',
      async () => `https://127.0.0.1:${(await listen(() => undefined)).port}`,
      'connect',
    ],
    [
      'a reset within TLS',
      async () =>
        `https://127.0.0.1:${(await listen((socket) => void socket.once('data', () => socket.resetAndDestroy()))).port}`,
      '',
    ],
  ])('never connected, so certainly not taken: %s', async (_, makeUrl, words) => {
    const outcome = await provider.send(text, account(await makeUrl()));
    expect(outcome).toMatchObject({ kind: 'retry', class: 'transient', afterMs: null });
    if (outcome.kind === 'retry') expect(outcome.message).toContain(words);
  });

  test('a reset at any moment: what is said to be not taken never arrived', async () => {
    for (let round = 0; round < 30; round++) {
      let bytes = 0;
      const { port } = await listen((socket) => {
        socket.on('data', (chunk) => {
          bytes += chunk.length;
        });
        if (round % 3 === 0) socket.resetAndDestroy();
        else if (round % 3 === 1) setImmediate(() => socket.resetAndDestroy());
        else socket.once('data', () => socket.resetAndDestroy());
      });
      const outcome = await provider.send(text, account(`http://127.0.0.1:${port}`));
      expect(['retry', 'unknown']).toContain(outcome.kind);
      if (outcome.kind === 'retry') expect(bytes).toBe(0);
      if (round % 3 === 2) expect(outcome.kind).toBe('unknown');
    }
  });

  test('waited for a connection until its time was up: not taken, and never written later', async () => {
    const wire = closing(await createTwilioWire(() => undefined));
    const one = closing(createTwilio({ requestTimeoutMs: 300, connections: 1 }));
    const first = one.send(text, account(wire.url));
    const second = one.send({ ...text, body: 'second' }, account(wire.url));
    expect(await first).toMatchObject({ kind: 'unknown' });
    const late = await second;
    // Both were asked for in the same moment, so the first one's end may free the connection just in time.
    expect(['retry', 'unknown']).toContain(late.kind);
    await one.send({ ...text, body: 'third' }, account(wire.url));
    const bodies = wire.seen.map((request) => request.params.get('Body'));
    expect(bodies.includes('second')).toBe(late.kind === 'unknown');
  });
});

test('a connection the server closed while it was idle is not used again', async () => {
  let connections = 0;
  const { port } = await listen((socket) => {
    connections++;
    socket.once('data', () => socket.end(http(`201 Created\r\ncontent-length: ${json.length}`, json)));
  });
  for (let i = 0; i < 5; i++) {
    expect(await provider.send(text, account(`http://127.0.0.1:${port}`))).toMatchObject({ kind: 'sent' });
  }
  expect(connections).toBe(5);
});

test('a kept connection that breaks as the next text is written leaves that text unknown', async () => {
  let requests = 0;
  const { port } = await listen((socket) => {
    socket.on('data', () => {
      requests++;
      if (requests === 1) socket.write(http(`201 Created\r\ncontent-length: ${json.length}`, json));
      else socket.destroy();
    });
  });
  expect(await provider.send(text, account(`http://127.0.0.1:${port}`))).toMatchObject({ kind: 'sent' });
  expect(await provider.send(text, account(`http://127.0.0.1:${port}`))).toMatchObject({ kind: 'unknown' });
  expect(requests).toBe(2);
});

describe('what is posted', () => {
  const post = async (changes: Partial<OutgoingText>, path = '') => {
    const wire = closing(await createTwilioWire((_, response) => answerJson(response, 201, created)));
    expect((await provider.send({ ...text, ...changes }, account(wire.url + path))).kind).toBe('sent');
    return wire.seen[0]!;
  };

  test('the form, the path and the authorization', async () => {
    const request = await post({});
    expect(request.method).toBe('POST');
    expect(request.path).toBe(`/2010-04-01/Accounts/AC${'0'.repeat(32)}/Messages.json`);
    expect(request.authorization).toBe(
      `Basic ${Buffer.from(`AC${'0'.repeat(32)}:${token}`).toString('base64')}`,
    );
    expect(Object.fromEntries(request.params)).toEqual({
      To: text.to,
      From: text.from,
      Body: text.body,
      StatusCallback: `https://sms.example.org/receipts?id=${text.messageId}#rc=3&rp=all`,
    });
  });

  test('a path in the address is kept', async () => {
    expect((await post({}, '/twilio/')).path).toMatch(/^\/twilio\/2010-04-01\/Accounts\//);
  });

  test.each<[Partial<OutgoingText>, Record<string, string | null>]>([
    [
      { messagingServiceSid: 'MG01', from: '' },
      { From: null, MessagingServiceSid: 'MG01' },
    ],
    [{ messagingServiceSid: 'MG01' }, { From: text.from, MessagingServiceSid: 'MG01' }],
    [
      { body: '', mediaUrls: ['https://a/1'] },
      { Body: null, MediaUrl: 'https://a/1' },
    ],
    [{ validitySeconds: 90.7 }, { ValidityPeriod: '90' }],
    [{ validitySeconds: 0 }, { ValidityPeriod: '1' }],
    [{ validitySeconds: 1e9 }, { ValidityPeriod: '36000' }],
    [{ statusCallbackUrl: '' }, { StatusCallback: null }],
    [
      { statusCallbackUrl: 'https://a/r?x=1#rc=5' },
      { StatusCallback: `https://a/r?x=1&id=${text.messageId}#rc=5` },
    ],
    [
      { from: 'A & B', body: 'a+b=c&d%20\r\n\0' },
      { From: 'A & B', Body: 'a+b=c&d%20\r\n\0' },
    ],
  ])('%j', async (changes, expected) => {
    const { params } = await post(changes);
    for (const [name, value] of Object.entries(expected)) expect(params.get(name)).toBe(value);
  });

  test('a changed token is used at once, and none at all is not sent', async () => {
    const wire = closing(await createTwilioWire((_, response) => answerJson(response, 201, created)));
    const credentials = account(wire.url);
    await provider.send(text, credentials);
    credentials.authTokens = ['new'];
    await provider.send(text, credentials);
    expect(wire.seen[1]!.authorization).not.toBe(wire.seen[0]!.authorization);
    credentials.authTokens = [];
    expect(await provider.send(text, credentials)).toMatchObject({ kind: 'failed', class: 'configuration' });
    expect(wire.seen.length).toBe(2);
  });
});

describe('how long to wait', () => {
  const date = 'Wed, 21 Oct 2026 07:28:00 GMT';
  test.each<[Record<string, string>, number | null]>([
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '999999999' }, 86_400_000],
    [{ 'retry-after': 'Wed, 21 Oct 2026 07:28:30 GMT', date }, 30_000],
    [{ 'retry-after': 'Wed, 21 Oct 2026 07:27:30 GMT', date }, 0],
    [{ 'retry-after': 'soon' }, null],
    [{ 'retry-after': '-3' }, null],
    [{}, null],
  ])('%j', async (headers, afterMs) => {
    const wire = closing(
      await createTwilioWire((_, response) => answerJson(response, 429, { code: 20429 }, headers)),
    );
    expect(await provider.send(text, account(wire.url))).toMatchObject({
      kind: 'retry',
      class: 'rate_limit',
      code: '20429',
      afterMs,
    });
  });

  test("the table's wait when the answer has none", async () => {
    const wire = closing(await createTwilioWire((_, response) => answerJson(response, 429, { code: 21611 })));
    expect(await provider.send(text, account(wire.url))).toMatchObject({
      kind: 'retry',
      code: '21611',
      afterMs: 60_000,
    });
  });
});
