import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { MessageMedia, MessageRecord } from '@trunkline/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nowMs, shiftClock } from '../src/base/clock.ts';
import { createGuardedFetch, type GuardedFetch } from '../src/base/guarded-fetch.ts';
import { newId } from '../src/base/ids.ts';
import { createLog } from '../src/base/log.ts';
import { createMediaAddresses } from '../src/media/addresses.ts';
import { createKeep } from '../src/media/keep.ts';
import { runMedia } from '../src/media/run-media.ts';
import type { Provider } from '../src/providers/provider.ts';
import { createProviders } from '../src/providers/providers.ts';
import { claimMedia } from '../src/store/media.ts';
import {
  accountSid,
  buildCore,
  eventually,
  incomingForm,
  nextPhone,
  realSettings,
  signature,
  startServer,
  type TestServer,
} from './build.ts';
import { files, png } from './media-files.ts';

const own = '+14155550100';
const publicUrl = 'https://sms.example.test';
const authorization = `Basic ${btoa(`${accountSid}:token-of-the-settings`)}`;
const mediaPath = `/2010-04-01/Accounts/${accountSid}/Messages/MM${'1'.repeat(32)}/Media/ME`;

type Seen = { method: string; host: 'api' | 'cdn'; name: string; authorization: string | undefined };
const seen: Seen[] = [];
/** What becomes of the name's requests, at Twilio (the default redirects to the files) and where the files are. */
const atApi = new Map<string, RequestListener>();
const atCdn = new Map<string, RequestListener>();

const listen = async (handle: (request: IncomingMessage, response: ServerResponse) => void) => {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};
const notFound: RequestListener = (_, response) => response.writeHead(404).end();

let api: Awaited<ReturnType<typeof listen>>;
let cdn: Awaited<ReturnType<typeof listen>>;
let server: TestServer;
let core: Awaited<ReturnType<typeof buildCore>>;
let provider: Provider;
let guarded: GuardedFetch;
let dataDir: string;
const log: string[] = [];
const stops: (() => Promise<unknown>)[] = [];

const work = (changed: { deleteAtProvider?: boolean; maxBytes?: number; leaseSeconds?: number } = {}) => {
  const worker = runMedia({
    ...core,
    db: server.db,
    provider,
    guarded,
    keep: createKeep({ folder: path.join(dataDir, 'media'), s3: null }),
    log: createLog('info', { write: (line) => void log.push(line) }),
    maxBytes: 100_000,
    timeoutMs: 700,
    attempts: 2,
    deleteAtProvider: false,
    concurrency: 4,
    leaseSeconds: 2,
    ...changed,
  });
  stops.push(() => worker.stop());
  return worker;
};
let worker: ReturnType<typeof work>;
/** Runs something while nobody fetches, or another worker than the usual one does. */
const without = async (run: () => Promise<void>) => {
  await worker.stop();
  try {
    await run();
  } finally {
    worker = work();
  }
};

beforeAll(async () => {
  cdn = await listen((request, response) => {
    const name = request.url!.slice(1);
    seen.push({ method: request.method!, host: 'cdn', name, authorization: request.headers.authorization });
    (atCdn.get(name) ?? notFound)(request, response);
  });
  api = await listen((request, response) => {
    const name = request.url!.split('/Media/ME')[1];
    // The server also makes the number's webhook its own.
    if (name === undefined) return response.writeHead(200).end('{"incoming_phone_numbers":[]}');
    seen.push({ method: request.method!, host: 'api', name, authorization: request.headers.authorization });
    if (request.headers.authorization !== authorization) return response.writeHead(401).end('Authenticate');
    const act = atApi.get(name);
    if (act) return act(request, response);
    return response.writeHead(307, { location: `${cdn.url}/${name}` }).end();
  });
  dataDir = mkdtempSync(path.join(tmpdir(), 'trunkline-media-'));
  server = await startServer({
    ...realSettings(api),
    TWILIO_PHONE_NUMBER: own,
    ROLES: 'web',
    DATA_DIR: dataDir,
    MEDIA_URL_SECONDS: '1000',
  });
  core = await buildCore(server.db, { apiUrl: api.url });
  provider = createProviders().twilio;
  guarded = createGuardedFetch({
    allowedOrigins: [api.url, cdn.url],
    lookup: async (name) => [{ address: name === 'metadata.example' ? '169.254.169.254' : '::1', family: 4 }],
  });
  worker = work();
}, 60_000);
afterAll(async () => {
  for (const stop of stops) await stop();
  await guarded.close();
  await provider.close();
  await core.close();
  await server.stop();
  for (const one of [api, cdn]) {
    one.server.close();
    one.server.closeAllConnections();
  }
  rmSync(dataDir, { recursive: true, force: true });
});

let names = 0;
const nextName = () => `f${++names}`;
const answerWith =
  (bytes: Buffer | string, contentType = 'image/png'): RequestListener =>
  (_, response) =>
    response.writeHead(200, { 'content-type': contentType }).end(bytes);

/** A text with these media comes in. Returns the message's id. */
const receive = async (media: { url: string; announced: string }[], body = ''): Promise<string> => {
  const form = incomingForm({ from: nextPhone(), to: own, body });
  form.NumMedia = String(media.length);
  for (const [i, { url, announced }] of media.entries())
    Object.assign(form, { [`MediaUrl${i}`]: url, [`MediaContentType${i}`]: announced });
  const target = '/webhooks/twilio/sms';
  const answer = await server.form(target, form, {
    'x-twilio-signature': signature('the-token-in-use', publicUrl + target, form),
  });
  expect(answer.status).toBe(200);
  // The worker is in this process too, and signals of one's own process are not heard from outside.
  core.signals.raise('media');
  const [row] = await server.db.query<{ id: string }>('select id from messages where provider_sid = $1', [
    form.MessageSid,
  ]);
  return row!.id;
};
const receiveOne = (name: string, announced = 'image/png') =>
  receive([{ url: `${api.url}${mediaPath}${name}`, announced }]);

const record = async (id: string): Promise<MessageRecord> => (await server.get(`/v1/messages/${id}`)).body;
/** The message's record once none of its media waits any more. */
const settled = (id: string) =>
  eventually(async () => {
    const shown = await record(id);
    return shown.media.every((one) => one.status !== 'waiting') && shown;
  }, 'the media are fetched');
const steps = (shown: MessageRecord) =>
  shown.steps.filter((step) => step.type.startsWith('media.')).map((step) => [step.type, step.summary]);
const local = (one: MessageMedia | string) =>
  (typeof one === 'string' ? one : one.url).replace(publicUrl, server.origin);
const byName = (name: string) => seen.filter((one) => one.name.replace('.json', '') === name);

test('all ten media of a text are fetched with credentials for the provider alone, kept, and served without', async () => {
  const given = files.map(([, bytes, announced]) => {
    const name = nextName();
    atCdn.set(name, answerWith(bytes, 'application/octet-stream'));
    return { name, url: `${api.url}${mediaPath}${name}`, announced };
  });
  const id = await receive(given, 'Ten of them');
  const shown = await settled(id);
  expect(shown.mediaUrls).toEqual(given.map((one) => one.url));
  expect(shown.media.map(({ contentType, status }) => ({ contentType, status }))).toEqual(
    files.map(([, , , contentType]) => ({ contentType, status: 'stored' })),
  );
  for (const [i, [, bytes, , contentType]] of files.entries()) {
    const { url } = shown.media[i]!;
    expect(url.startsWith(`${publicUrl}/media/`)).toBe(true);
    const answer = await fetch(local(url));
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': contentType,
      'content-length': String(bytes.length),
      'content-disposition': expect.stringMatching(/^inline; filename="media-[0-9a-f]{8}\.[a-z0-9]{2,5}"$/),
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': expect.stringMatching(/^private, max-age=(9[5-9]\d|1[01]\d\d|12[0-5]\d), immutable$/),
    });
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
    const head = await fetch(local(url), { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(bytes.length)]);
    expect(byName(given[i]!.name)).toEqual([
      { method: 'GET', host: 'api', name: given[i]!.name, authorization },
      { method: 'GET', host: 'cdn', name: given[i]!.name, authorization: undefined },
    ]);
  }
  expect(steps(shown)).toHaveLength(10);
  expect(steps(shown).map(([, sentence]) => sentence)).toContain(
    `Attachment 10 fetched from the provider and stored: text/vcard; charset=utf-8, ${files[9]![1].length} bytes.`,
  );

  const { body: list } = await server.get('/v1/messages?limit=1');
  expect(list.data[0]).toMatchObject({ id, media: shown.media });
  const { body: thread } = await server.get(`/v1/conversations/${shown.conversationId}/messages`);
  expect(thread.data[0]).toMatchObject({ id, media: shown.media });
});

test('a text without media has none, and one that goes out too', async () => {
  const id = await receive([], 'Only words');
  expect(await record(id)).toMatchObject({ mediaUrls: [], media: [] });
  const sent = await server.post('/v1/messages', {
    to: nextPhone(),
    body: 'Hi',
    mediaUrls: ['https://a.example/1.png'],
  });
  expect(sent).toMatchObject({ status: 202, body: { media: [] } });
  expect(await record(sent.body.id)).toMatchObject({ mediaUrls: ['https://a.example/1.png'], media: [] });
});

describe('refused for good at the first attempt', () => {
  const html = '<!doctype html><script>alert(1)</script>';
  const redirectTo =
    (location: string): RequestListener =>
    (_, response) =>
      response.writeHead(307, { location }).end();
  const endless: RequestListener = (_, response) => {
    response.write(png);
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(10_000))) {}
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  };
  const notPublic = 'not fetched: it leads to an address that is not on the public internet.';
  test.each<[string, RequestListener, string]>([
    [
      'a page that says it is a picture',
      answerWith(html),
      'announced as image/png, but its bytes are of no type',
    ],
    [
      'a text that says it is a picture',
      answerWith('Hello'),
      'announced as image/png, but its bytes are of no type',
    ],
    [
      'a drawing with a script',
      answerWith('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      'no type that is accepted',
    ],
    ['a program', answerWith(Buffer.from(`MZ${'\0'.repeat(200)}`)), 'application/x-msdownload, which is not'],
    [
      'more than is taken',
      answerWith(Buffer.concat([png, Buffer.alloc(100_000)])),
      'larger than 100000 bytes',
    ],
    ['a body without end', endless, 'larger than 100000 bytes'],
    ['a redirect to loopback', redirectTo('http://127.0.0.1:1/'), notPublic],
    ['one to IPv6 loopback', redirectTo('http://[::1]:1/'), notPublic],
    ['one to the metadata service', redirectTo('http://169.254.169.254/latest/meta-data/'), notPublic],
    ['one to a private network', redirectTo('http://10.1.2.3/'), notPublic],
    ['one to a name of the metadata service', redirectTo('http://metadata.example/'), notPublic],
    ['one to a name of loopback', redirectTo('http://loopback.example/'), notPublic],
    ['one to a file', redirectTo('file:///etc/passwd'), 'it leads to no http address'],
    [
      'one in a circle',
      (request, r) => r.writeHead(302, { location: request.url! }).end(),
      'redirects too often',
    ],
    ['what is deleted there', (_, response) => response.writeHead(410).end(), 'has deleted it'],
  ])('%s', async (_, act, reason) => {
    const name = nextName();
    atApi.set(name, act);
    const shown = await settled(await receiveOne(name));
    expect(shown.media[0]!.status).toBe('failed');
    expect(steps(shown)).toEqual([['media.failed', expect.stringContaining(reason)]]);
    expect(shown.status).toBe('received');
    const answer = await fetch(local(shown.media[0]!));
    expect(answer.status).toBe(410);
    expect(await answer.json()).toMatchObject({
      code: 'media_failed',
      detail: expect.stringContaining(reason),
    });
  });

  test('an address inside that the webhook itself names', async () => {
    const shown = await settled(
      await receive([
        { url: 'http://169.254.169.254/latest/meta-data/', announced: 'image/png' },
        { url: 'no address', announced: 'image/png' },
      ]),
    );
    expect(steps(shown).sort()).toEqual([
      ['media.failed', expect.stringMatching(/^Attachment 1 .*on the public internet\.$/)],
      ['media.failed', expect.stringMatching(/^Attachment 2 .*it leads to no http address\.$/)],
    ]);
  });
});

test('an address of another host gets no credentials', async () => {
  const name = nextName();
  atCdn.set(name, answerWith(png));
  await settled(await receive([{ url: `${cdn.url}/${name}`, announced: 'image/png' }]));
  expect(byName(name)).toEqual([{ method: 'GET', host: 'cdn', name, authorization: undefined }]);
});

test('what it is counts, not what it is announced as', async () => {
  const name = nextName();
  atCdn.set(name, answerWith(png, 'text/html'));
  expect((await settled(await receiveOne(name, 'video/mp4'))).media[0]).toMatchObject({
    status: 'stored',
    contentType: 'image/png',
  });
});

describe('tried again', () => {
  const first = (act: RequestListener): RequestListener => {
    let came = 0;
    return (request, response) => (came++ === 0 ? act : answerWith(png))(request, response);
  };
  test.each<[string, RequestListener, string]>([
    ['not there at first', notFound, 'answered HTTP 404'],
    ['an error of the provider', (_, r) => r.writeHead(503).end(), 'answered HTTP 503'],
    ['too fast', (_, r) => r.writeHead(429, { 'retry-after': '1' }).end(), 'answered HTTP 429'],
    ['slow', () => {}, 'it took longer than 0.7 s'],
    [
      'cut off',
      (request, r) => r.write(png.subarray(0, 9), () => request.socket.destroy()),
      'the connection broke',
    ],
    ['empty', answerWith(''), 'with nothing in it'],
  ])('%s', async (_, act, reason) => {
    const name = nextName();
    atApi.set(name, first(act));
    const shown = await settled(await receiveOne(name));
    expect(steps(shown)).toEqual([
      [
        'media.retrying',
        expect.stringMatching(new RegExp(`^Attachment 1, attempt 1: .*${reason}.* Next try in 1 s\\.$`)),
      ],
      ['media.stored', expect.stringContaining('image/png')],
    ]);
  });

  test('and given up after the last attempt, with the reason', async () => {
    const shown = await settled(await receiveOne(nextName()));
    expect(steps(shown).map(([type]) => type)).toEqual(['media.retrying', 'media.failed']);
    expect(steps(shown)[1]![1]).toBe(
      "Attachment 1 can't be had. The provider answered HTTP 404. That was attempt 2, the last.",
    );
  });

  test('when the worker that had it died, and not counted as its fault before the attempts are over', async () => {
    await without(async () => {
      const name = nextName();
      atCdn.set(name, answerWith(png));
      const id = await receiveOne(name);
      const dead = await claimMedia(server.db, 10, 1);
      expect(dead.map((one) => one.messageId)).toEqual([id]);
      const another = work();
      expect((await settled(id)).media[0]!.status).toBe('stored');
      await another.stop();
    });
    await without(async () => {
      const id = await receiveOne(nextName());
      for (let died = 0; died < 2; died++) {
        expect(await claimMedia(server.db, 10, 0)).toHaveLength(1);
      }
      const another = work();
      expect(steps(await settled(id))).toEqual([
        ['media.failed', "Attachment 1 can't be had. The server stopped in the middle of it each time."],
      ]);
      await another.stop();
    });
  });

  test('and one that is late, after another has taken it over, changes nothing', async () => {
    await without(async () => {
      const name = nextName();
      let answer: (() => void) | undefined;
      atApi.set(name, (request, response) => {
        if (answer) return answerWith(png)(request, response);
        answer = () => answerWith(files[1]![1])(request, response);
      });
      const late = work({ leaseSeconds: 600 });
      const id = await receiveOne(name);
      await eventually(() => answer !== undefined, 'the first one asks');
      await server.db.query('update media set lease_until = now() where message_id = $1', [id]);
      const another = work();
      const shown = await settled(id);
      answer!();
      await late.stop();
      await another.stop();
      expect(await record(id)).toEqual(shown);
      expect(shown.media[0]).toMatchObject({ status: 'stored', contentType: 'image/png' });
    });
  });
});

describe('the signed address', () => {
  let url: string;
  beforeAll(async () => {
    const name = nextName();
    atCdn.set(name, answerWith(png));
    url = local((await settled(await receiveOne(name))).media[0]!);
  });
  const addresses = createMediaAddresses({
    secretKey: 'secret-key-of-the-tests-0123456789',
    publicUrl,
    seconds: 1000,
  });
  const problem = async (address: string) => {
    const answer = await fetch(address);
    const body = (await answer.json()) as { code: string; detail: string };
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(body.detail).toMatch(/^[A-Z].*\.$/);
    return [answer.status, body.code];
  };

  test.each<[string, (good: string) => string]>([
    ['without its query', (good) => good.split('?')[0]!],
    ['without its signature', (good) => good.replace(/signature=.*/, '')],
    ['with a longer time', (good) => good.replace(/until=(\d+)/, (_, until) => `until=${Number(until) + 1}`)],
    ['with the time written otherwise', (good) => good.replace('until=', 'until=0')],
    ['with a byte changed', (good) => good.slice(0, -1) + (good.endsWith('A') ? 'B' : 'A')],
    ['of another medium', (good) => good.replace(/[0-9a-f-]{36}/, newId())],
    [
      'with a signature that is no base64',
      (good) => good.replace(/signature=.*/, 'signature=%00%F0%9F%91%8B'),
    ],
  ])('%s is refused', async (_, change) => {
    expect(await problem(change(url))).toEqual([403, 'invalid_signature']);
  });

  test('expires, not before the time that is set', async () => {
    try {
      shiftClock(999_000);
      expect((await fetch(url)).status).toBe(200);
      shiftClock(1_252_000);
      expect(await problem(url)).toEqual([403, 'address_expired']);
    } finally {
      shiftClock(0);
    }
  });

  test('stays the same for a while, so that pictures are not fetched at each look', () => {
    const id = newId();
    const all = Array.from({ length: 240 }, (_, i) => {
      shiftClock(i * 1000);
      return addresses.of(id);
    });
    shiftClock(0);
    expect(new Set(all).size).toBeLessThanOrEqual(2);
    const until = Number(/until=(\d+)/.exec(all[0]!)![1]);
    expect(until - nowMs() / 1000).toBeGreaterThanOrEqual(999);
  });

  test('of a medium that is not there is 404, of no id too', async () => {
    expect(await problem(local(addresses.of(newId())))).toEqual([404, 'not_found']);
    expect(await problem(`${server.origin}/media/x?until=1&signature=x`)).toEqual([404, 'not_found']);
  });

  test('of a lost file is 410', async () => {
    const [, id] = /media\/([0-9a-f-]{36})/.exec(url)!;
    await server.db.query('update media set stored_as = $2 where id = $1', [id, `disk:${newId()}`]);
    expect(await problem(url)).toEqual([410, 'media_lost']);
  });

  test('of one that is still being fetched waits for it', async () => {
    const name = nextName();
    const asked = Promise.withResolvers<() => void>();
    await without(async () => {
      const another = work();
      atApi.set(name, (request, response) => asked.resolve(() => answerWith(png)(request, response)));
      const id = await receiveOne(name);
      const waiting = (await record(id)).media[0]!;
      expect(waiting).toMatchObject({ status: 'waiting', contentType: 'image/png' });
      let ended = false;
      const fetched = fetch(local(waiting)).finally(() => {
        ended = true;
      });
      const go = await asked.promise;
      expect(ended).toBe(false);
      go();
      expect(Buffer.from(await (await fetched).arrayBuffer()).equals(png)).toBe(true);
      await another.stop();
    });
  });

  test('of one that takes longer says when to come again', async () => {
    await without(async () => {
      const id = await receiveOne(nextName());
      const began = performance.now();
      const answer = await fetch(local((await record(id)).media[0]!));
      expect(performance.now() - began).toBeGreaterThan(4_900);
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
      expect(await answer.json()).toMatchObject({ code: 'media_not_fetched_yet' });
    });
  });
});

describe('deleting at the provider', () => {
  test.each<[string, number, [string, string]]>([
    [
      'is done once it is kept here',
      204,
      ['media.deleted', 'Attachment 1 deleted at the provider: it is kept here.'],
    ],
    [
      'that fails is on the record',
      500,
      [
        'media.not_deleted',
        'Attachment 1 could not be deleted at the provider. The provider answered HTTP 500.',
      ],
    ],
  ])('%s', async (_, status, step) => {
    await without(async () => {
      const another = work({ deleteAtProvider: true });
      const name = nextName();
      atCdn.set(name, answerWith(png));
      atApi.set(`${name}.json`, (request, response) =>
        response.writeHead(request.method === 'DELETE' ? status : 405).end(),
      );
      const id = await receiveOne(name);
      const shown = await eventually(async () => {
        const now = await record(id);
        return steps(now).length === 2 && now;
      }, 'it is deleted');
      expect(steps(shown)).toEqual([['media.stored', expect.any(String)], step]);
      expect(byName(name).at(-1)).toEqual({
        method: 'DELETE',
        host: 'api',
        name: `${name}.json`,
        authorization,
      });
      await another.stop();
    });
  });

  test('is not done unless it is set', async () => {
    const name = nextName();
    atCdn.set(name, answerWith(png));
    await settled(await receiveOne(name));
    expect(byName(name).map((one) => one.method)).toEqual(['GET', 'GET']);
  });
});

test('another organization sees none of it, and the log tells no address, number or credential', async () => {
  const organizationId = newId();
  await server.db.query('insert into organizations (id, name, slug) values ($1, $2, $3)', [
    organizationId,
    'Other',
    'other',
  ]);
  const { body } = await server.get('/v1/messages?limit=1');
  const answer = await server.get(`/v1/messages/${body.data[0].id}`, { as: organizationId });
  expect(answer.status).toBe(404);
  const all = [...log, ...server.lines].join('\n');
  for (const secret of ['token-of-the-settings', 'Basic ', own, 'signature=', '/Media/ME'])
    expect(all).not.toContain(secret);
});
