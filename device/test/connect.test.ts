import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ConnectOptions, connect, type Device, SpoolInUse, TokenRefused } from '../src/index.ts';
import { type FakeServer, startFakeServer, token } from './fake-server.ts';
import { until } from './until.ts';

let server: FakeServer;
let spool: string;
let devices: Device[];
let lines: string[];
beforeEach(async () => {
  server = await startFakeServer();
  spool = await mkdtemp(join(tmpdir(), 'trunkline-device-'));
  devices = [];
  lines = [];
});
afterEach(async () => {
  await Promise.all(devices.map((one) => one.close({ withinMs: 0 })));
  await server.close();
  await rm(spool, { recursive: true, force: true });
});

const times = { firstBackoffMs: 20, mostBackoffMs: 200 };
const open = (options: Partial<ConnectOptions> = {}) => {
  const device = connect({
    server: server.url,
    token,
    spool,
    say: (line) => lines.push(line),
    ...options,
    times: { ...times, ...options.times },
  });
  devices.push(device);
  return device;
};
const kept = () => readdir(join(spool, 'texts'));

describe('texts', () => {
  test('come one after the other in their order, and are acked', async () => {
    for (const body of ['one', 'two', 'three']) server.text(body);
    const bodies: string[] = [];
    for await (const text of open().texts()) {
      bodies.push(text.body);
      await text.ack();
      if (bodies.length === 3) break;
    }
    expect(bodies).toEqual(['one', 'two', 'three']);
    await until('the acks', server.taken);
    expect(await kept()).toEqual([]);
  });

  test('that are not acked are there again after a restart, without the server', async () => {
    server.text('kept');
    const first = open();
    for await (const text of first.texts()) {
      expect(text.body).toBe('kept');
      break;
    }
    await first.close();
    server.instead((_, response) => {
      response.writeHead(503).end();
      return true;
    });
    for await (const text of open().texts()) {
      expect(text).toMatchObject({ body: 'kept', attempt: 1 });
      await text.ack();
      break;
    }
    server.instead(null);
    await until('the ack that waited', server.taken);
  });

  test('that were handled are acked again when they are offered again, and not handled again', async () => {
    const id = server.text('once');
    const handled: string[] = [];
    void open().on((text) => void handled.push(text.body));
    await until('the ack', server.taken);
    server.offerAgain(id);
    await until('the second ack', server.taken);
    await devices[0]!.close();
    server.offerAgain(id);
    void open().on((text) => void handled.push(text.body));
    await until('the third ack', server.taken);
    expect(handled).toEqual(['once']);
    expect(server.entries.get(id)!.acks).toBe(3);
  });

  test('that fail are given back with the reason, and come again', async () => {
    const id = server.text('hard');
    let tries = 0;
    void open().on(() => {
      tries += 1;
      if (tries < 3) throw new Error(`try ${tries}`);
    });
    await until('the ack', server.taken);
    expect(server.entries.get(id)!.nacks).toEqual(['try 1', 'try 2']);
    expect(await kept()).toEqual([]);
  });

  test('in work longer than their lease are not begun again', async () => {
    await server.close();
    server = await startFakeServer({ leaseMs: 30 });
    const id = server.text('slow');
    let begun = 0;
    const release = Promise.withResolvers<void>();
    void open().on(async () => {
      begun += 1;
      await release.promise;
    });
    await until('more offers', () => server.entries.get(id)!.text.attempt > 3);
    release.resolve();
    await until('the ack', server.taken);
    expect(begun).toBe(1);
  });

  test('are handled side by side when that is asked for, and no more than that', async () => {
    for (let i = 0; i < 10; i++) server.text(String(i));
    let now = 0;
    let most = 0;
    void open().on(
      async () => {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => setTimeout(resolve, 20));
        now -= 1;
      },
      { concurrency: 3 },
    );
    await until('all acks', server.taken);
    expect(most).toBe(3);
  });
});

describe('replies', () => {
  test('of a handler go out once, also when the first answer is lost', async () => {
    const id = server.text('ping');
    let lost = 0;
    server.instead((request, _, path) => {
      if (path !== '/v1/device/messages' || lost > 0) return false;
      lost += 1;
      request.destroy();
      return true;
    });
    void open().on((text) => `pong to ${text.body}`);
    await until('the ack', server.taken);
    expect([...server.messages.values()]).toEqual([{ textId: id, body: 'pong to ping' }]);
    expect(lost).toBe(1);
  });

  test('to a text of another device go to that device', async () => {
    const id = server.text('from a device');
    Object.assign(server.entries.get(id)!.text, { from: 'Kitchen', conversationId: null, messageId: null });
    void open().on(() => 'to a device');
    await until('the ack', server.taken);
    expect([...server.messages.values()]).toEqual([{ device: 'Kitchen', body: 'to a device' }]);
  });

  test('that are refused for good do not keep the text from being acked', async () => {
    server.text('ping');
    server.instead((_, response, path) => {
      if (path !== '/v1/device/messages') return false;
      response.writeHead(422).end('{"detail":"The contact has opted out."}');
      return true;
    });
    void open().on(() => 'pong');
    await until('the ack', server.taken);
    expect(lines.join('\n')).toContain(
      'refused for good, the server answered 422: The contact has opted out.',
    );
  });

  test('and texts of its own are sent by hand, too', async () => {
    const device = open();
    const text = { id: 'a-text', conversationId: 'c', from: '+12025550123' };
    await device.send({ to: '+12025550199', body: 'hello' });
    await device.reply(text, 'same');
    await device.reply(text, 'same');
    const sent = [...server.messages.values()];
    expect(sent).toHaveLength(3);
    expect(sent[0]).toEqual({ to: '+12025550199', body: 'hello' });
  });
});

describe('the connection', () => {
  test('goes on behind what arrived when it was cut', async () => {
    server.text('before');
    const handled: string[] = [];
    void open().on((text) => void handled.push(text.body));
    await until('the first', server.taken);
    server.cut();
    await until('another connection', () => server.connections.length === 2);
    server.text('after');
    await until('the second', server.taken);
    expect(handled).toEqual(['before', 'after']);
    expect(server.connections).toEqual([
      { how: 'stream', cursor: null },
      { how: 'stream', cursor: '1' },
    ]);
  });

  test('is made by polls when something holds the stream back', async () => {
    server.instead((_, response, path) => {
      if (path !== '/v1/device/stream') return false;
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      return true;
    });
    server.text('polled');
    void open({ times: { silenceMs: 100 } }).on(() => {});
    await until('the ack', server.taken);
    expect(server.connections.every((one) => one.how === 'poll')).toBe(true);
    expect(lines.join('\n')).toContain('holds the stream back');
  });

  test('is made by polls when streams break again and again, and by a stream again later', async () => {
    let streams = 0;
    server.instead((_, response, path) => {
      if (path !== '/v1/device/stream') return false;
      streams += 1;
      if (streams > 3) return false;
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('retry: 1000\n\n');
      setTimeout(() => response.destroy(), 5);
      return true;
    });
    void open({ times: { pollSeconds: 0, retryStreamMs: 100 } }).on(() => {});
    await until('a poll', () => server.connections.some((one) => one.how === 'poll'));
    await until('a stream', () => server.connections.at(-1)?.how === 'stream');
    server.text('streamed');
    await until('the ack', server.taken);
  });

  test('waits as long as the server asks', async () => {
    const at: number[] = [];
    server.instead((_, response) => {
      at.push(performance.now());
      if (at.length > 1) return false;
      response.writeHead(503, { 'retry-after': '1' }).end();
      return true;
    });
    server.text('later');
    void open().on(() => {});
    await until('the ack', server.taken);
    expect(at[1]! - at[0]!).toBeGreaterThan(990);
  });

  test('reads a date in Retry-After against the clock of the server', async () => {
    const at: number[] = [];
    server.instead((_, response) => {
      at.push(performance.now());
      if (at.length > 1) return false;
      const date = (ms: number) => new Date(ms).toUTCString();
      response.writeHead(429, { date: date(0), 'retry-after': date(1_000) }).end();
      return true;
    });
    server.text('later');
    void open().on(() => {});
    await until('the ack', server.taken);
    expect(at[1]! - at[0]!).toBeGreaterThan(990);
  });

  test('ends with one sentence when the token is refused', async () => {
    const device = open({ token: 'td_other' });
    await expect(device.on(() => {})).rejects.toBeInstanceOf(TokenRefused);
    await expect(open({ token: 'td_other', spool: `${spool}/other` }).on(() => {})).rejects.toThrow(
      'Make a new token',
    );
  });

  test('names the address when the server is somewhere else', async () => {
    server.instead((_, response) => {
      response.writeHead(308, { location: 'https://elsewhere.example/v1/device/stream' }).end();
      return true;
    });
    void open().on(() => {});
    await until('the line', () =>
      lines.some(
        (line) =>
          line.includes('give that address as the server') && line.includes('https://elsewhere.example'),
      ),
    );
  });

  test('forgets a cursor that the server does not know', async () => {
    server.text('before');
    void open().on(() => {});
    await until('the first', server.taken);
    server.instead((request, response, path) => {
      if (path !== '/v1/device/stream' || !request.headers['last-event-id']) return false;
      response.writeHead(400).end();
      return true;
    });
    server.cut();
    server.text('after');
    await until('the second', server.taken);
  });
});

test('one spool serves one program', async () => {
  const first = open();
  server.text('mine');
  void first.on(() => {});
  await until('the ack', server.taken);
  await expect(open().on(() => {})).rejects.toBeInstanceOf(SpoolInUse);
  await first.close();
  void open().on(() => {});
  server.text('yours');
  await until('the second ack', server.taken);
});

test('closing lets what is under way end, and tells the server', async () => {
  server.text('last');
  const begun = Promise.withResolvers<void>();
  const device = open();
  const ended = device.on(async () => {
    begun.resolve();
    await new Promise((resolve) => setTimeout(resolve, 100));
  });
  await begun.promise;
  await device.close();
  await ended;
  expect(server.taken()).toBe(true);
});

test('what does not end in time when it closes is neither acked nor given back, and handled anew', async () => {
  const id = server.text('long');
  const begun = Promise.withResolvers<void>();
  const device = open();
  const ended = device.on(async (_, signal) => {
    begun.resolve();
    await new Promise((_, reject) =>
      signal.addEventListener('abort', () => reject(new Error('told to end'))),
    );
  });
  await begun.promise;
  await device.close({ withinMs: 10 });
  await ended;
  expect(server.entries.get(id)).toMatchObject({ acks: 0, nacks: [] });
  const handled: string[] = [];
  void open().on((text) => void handled.push(text.body));
  await until('the ack', server.taken);
  expect(handled).toEqual(['long']);
});

test('a spool that cannot be written keeps nothing back from the server', async () => {
  const first = open();
  void first.on(() => {});
  server.text('before');
  await until('the ack', server.taken);
  await rm(join(spool, 'texts'), { recursive: true });
  server.text('while it is gone');
  await until('the line', () => lines.some((line) => line.includes('the spool cannot be written (ENOENT')));
  await mkdir(join(spool, 'texts'));
  await until('the second ack', server.taken);
});

test('nothing it says holds a number or a body', async () => {
  server.text('secret words');
  let tries = 0;
  void open().on(() => {
    tries += 1;
    if (tries === 1) throw new Error('no');
    return 'secret answer';
  });
  await until('the ack', server.taken);
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.join('\n')).not.toMatch(/secret|555/);
});
