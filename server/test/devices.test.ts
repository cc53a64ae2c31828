import type { Message } from '@trunkline/contract';
import type { Device, DeviceText, DeviceTexts, PairedDevice } from '@trunkline/contract/device';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../src/base/ids.ts';
import {
  eventually,
  incomingForm,
  type Json,
  nextPhone,
  number,
  organization,
  startProvider,
  startServer,
  type TestProvider,
  type TestServer,
} from './build.ts';
import { openStream } from './device-client.ts';

let provider: TestProvider;
let server: TestServer;
let main: { id: string; accountId: string };
beforeAll(async () => {
  provider = await startProvider();
  server = await startServer(
    {
      DEVICE_LEASE_SECONDS: '2',
      DEVICE_ATTEMPTS: '3',
      DEVICE_QUEUE_LIMIT: '5',
      TWILIO_API_URL: provider.url,
    },
    { level: 'error' },
  );
  const [account] = await server.db.query<{ id: string; accountId: string }>(
    'select organization_id as id, id as "accountId" from provider_accounts where webhook_key is null',
  );
  main = account!;
});
afterAll(async () => {
  await server.stop();
  await provider.close();
});

let names = 0;
const pair = async (given: { name?: string; numberIds?: string[] } = {}): Promise<PairedDevice> => {
  const answer = await server.post('/v1/devices', { name: `Duck ${++names}`, numberIds: [], ...given });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
};
const deviceOnNumber = async () => {
  const own = await number(server.db, main);
  return { own, device: await pair({ numberIds: [own.id] }) };
};
/** A phone texts our number. Returns the id of the message. */
const text = async (to: string, body = 'Hello', from = nextPhone()): Promise<string> => {
  const form = incomingForm({ from, to, body });
  const answer = await server.form('/webhooks/twilio/sms', form);
  expect(answer.status).toBe(200);
  const [row] = await server.db.query<{ id: string }>('select id from messages where provider_sid = $1', [
    form.MessageSid,
  ]);
  return row!.id;
};
const poll = async (token: string, query = ''): Promise<DeviceTexts> => {
  const answer = await server.get(`/v1/device/texts${query}`, { token });
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
};
const ack = (token: string, id: string) => server.post(`/v1/device/texts/${id}/ack`, undefined, { token });
const nack = (token: string, id: string, reason = 'No.') =>
  server.post(`/v1/device/texts/${id}/nack`, { reason }, { token });
const device = async (id: string): Promise<Device> => (await server.get(`/v1/devices/${id}`)).body;
const queue = async (id: string, status = ''): Promise<Json[]> =>
  (await server.get(`/v1/devices/${id}/texts?${status && `status=${status}`}`)).body.data;
const steps = async (id: string): Promise<string[]> =>
  (await server.get(`/v1/messages/${id}`)).body.steps.map((step: Json) => step.summary);
const bodies = (texts: DeviceText[]) => texts.map((one) => one.body);

describe('a text to a number that a device answers', () => {
  test('is in its queue with the acknowledgement, comes once, and is over with the ack', async () => {
    const { own, device: duck } = await deviceOnNumber();
    const from = nextPhone();
    const id = await text(own.phoneNumber, 'Quack?', from);
    const { data, cursor } = await poll(duck.token);
    expect(data).toEqual([
      {
        id: expect.any(String),
        messageId: id,
        conversationId: expect.any(String),
        from,
        to: own.phoneNumber,
        body: 'Quack?',
        media: [],
        attempt: 1,
        receivedAt: expect.any(String),
        leaseUntil: expect.any(String),
      },
    ]);
    expect((await poll(duck.token, `?cursor=${cursor}`)).data).toEqual([]);
    expect((await ack(duck.token, data[0]!.id)).body).toEqual({ status: 'taken' });
    expect((await ack(duck.token, data[0]!.id)).status).toBe(200);
    expect((await poll(duck.token)).data).toEqual([]);
    expect(await steps(id)).toEqual([
      'Received from the provider.',
      expect.stringMatching(/./),
      'Nothing speaks against answering.',
      `To the device ${duck.name}, on this number.`,
      `Attempt 1: handed to the device ${duck.name}.`,
      `Taken by the device ${duck.name}.`,
    ]);
    expect(await device(duck.id)).toMatchObject({ online: true, pending: 0, dead: 0, overLimit: false });
  });

  test('goes to every device on the number, and a device gets those of all its numbers', async () => {
    const [first, second] = [await number(server.db, main), await number(server.db, main)];
    const one = await pair({ numberIds: [first.id] });
    const both = await pair({ numberIds: [first.id, second.id] });
    const id = await text(first.phoneNumber, 'first');
    await text(second.phoneNumber, 'second');
    expect(bodies((await poll(one.token)).data)).toEqual(['first']);
    expect(bodies((await poll(both.token)).data)).toEqual(['first', 'second']);
    expect(await steps(id)).toContain(`To the devices ${one.name}, ${both.name}, on this number.`);
  });

  test('waits when the number has no device yet, and goes to the first one', async () => {
    const own = await number(server.db, main);
    const changed = await server.call('PATCH', `/v1/numbers/${own.id}`, {
      body: { responder: { kind: 'device' } },
    });
    expect(changed.body.responder).toEqual({ kind: 'device', assistantId: null, name: 'No device yet' });
    const id = await text(own.phoneNumber, 'Anybody?');
    expect((await steps(id)).at(-1)).toBe(
      'To the device of this number: it has none yet, so the text waits for the first one.',
    );
    const duck = await pair({ numberIds: [own.id] });
    expect(bodies((await poll(duck.token)).data)).toEqual(['Anybody?']);
    expect(await steps(id)).toContain(
      `In the queue of the device ${duck.name}, the first one on this number.`,
    );
    const later = await pair({ numberIds: [own.id] });
    expect((await poll(later.token)).data).toEqual([]);
  });

  test('that is a keyword reaches no device', async () => {
    const { own, device: duck } = await deviceOnNumber();
    await text(own.phoneNumber, 'STOP');
    expect((await poll(duck.token)).data).toEqual([]);
  });

  test('is not lost with the device: it waits for the next one', async () => {
    const { own, device: duck } = await deviceOnNumber();
    await text(own.phoneNumber, 'Still here');
    await poll(duck.token);
    expect((await server.call('DELETE', `/v1/devices/${duck.id}`)).status).toBe(204);
    expect((await server.get('/v1/device/texts', { token: duck.token })).status).toBe(401);
    const next = await pair({ numberIds: [own.id] });
    expect(bodies((await poll(next.token)).data)).toEqual(['Still here']);
  });

  test('of a number that the device leaves is not its own any more', async () => {
    const { own, device: duck } = await deviceOnNumber();
    await text(own.phoneNumber, 'For whom?');
    await server.call('PATCH', `/v1/devices/${duck.id}`, { body: { numberIds: [] } });
    expect((await poll(duck.token)).data).toEqual([]);
    await server.call('PATCH', `/v1/devices/${duck.id}`, { body: { numberIds: [own.id] } });
    expect(bodies((await poll(duck.token)).data)).toEqual(['For whom?']);
  });
});

describe('what a device did not ack', () => {
  test('is offered again after the lease, marked, and in the end a dead letter that can be replayed', async () => {
    const { own, device: duck } = await deviceOnNumber();
    const id = await text(own.phoneNumber, 'Ack me');
    const first = await poll(duck.token);
    const cursor = `?cursor=${first.cursor}`;
    expect((await poll(duck.token, cursor)).data).toEqual([]);
    const [again] = await eventually(
      async () => {
        const { data } = await poll(duck.token, cursor);
        return data.length > 0 && data;
      },
      'the text came again',
      8_000,
    );
    expect(again).toMatchObject({ id: first.data[0]!.id, attempt: 2 });
    expect((await nack(duck.token, again!.id, 'The speaker is broken')).body).toEqual({ status: 'waiting' });
    expect(await steps(id)).toContain(
      `Attempt 2 failed at the device ${duck.name}. The speaker is broken. Offered again in 2 s.`,
    );
    const [third] = await eventually(
      async () => {
        const { data } = await poll(duck.token);
        return data.length > 0 && data;
      },
      'the text came a third time',
      8_000,
    );
    expect((await nack(duck.token, third!.id, 'Still broken.')).body).toEqual({ status: 'dead' });
    expect(await device(duck.id)).toMatchObject({ pending: 0, dead: 1 });
    expect(await queue(duck.id, 'dead')).toMatchObject([
      { messageId: id, attempts: 3, reason: 'Still broken.' },
    ]);
    expect((await poll(duck.token)).data).toEqual([]);
    expect((await server.post(`/v1/devices/${duck.id}/replay`, {})).body).toEqual({ replayed: 1 });
    expect((await poll(duck.token)).data).toMatchObject([{ body: 'Ack me', attempt: 4 }]);
    expect((await ack(duck.token, third!.id)).status).toBe(200);
    expect(await device(duck.id)).toMatchObject({ pending: 0, dead: 0 });
  });

  test('and never reached it comes again at once, in its place; what reached it does not', async () => {
    const { own, device: duck } = await deviceOnNumber();
    for (const body of ['one', 'two', 'three']) await text(own.phoneNumber, body);
    const stream = await openStream(server.origin, duck.token);
    await eventually(() => stream.heard.length === 3, 'three texts came');
    stream.close();
    const second = stream.heard[1]!.cursor;
    await text(own.phoneNumber, 'four');
    const resumed = await openStream(server.origin, duck.token, { after: second });
    await eventually(() => resumed.heard.length === 2, 'the rest came');
    expect(resumed.heard.map(({ body, attempt }) => [body, attempt])).toEqual([
      ['three', 2],
      ['four', 1],
    ]);
    resumed.close();
    expect(bodies((await poll(duck.token)).data)).toEqual(['one', 'two', 'three', 'four']);
  });

  test('is at most twenty texts; each ack makes room', async () => {
    const { own, device: duck } = await deviceOnNumber();
    for (let i = 1; i <= 23; i++) await text(own.phoneNumber, `${i}`);
    const stream = await openStream(server.origin, duck.token);
    await eventually(() => stream.heard.length >= 20, 'twenty texts came');
    expect((await device(duck.id)).pending).toBe(23);
    await eventually(async () => (await device(duck.id)).overLimit, 'it is over the limit');
    expect(await queue(duck.id, 'leased')).toHaveLength(20);
    for (const one of [...stream.heard]) await ack(duck.token, one.id);
    await eventually(() => stream.heard.length === 23, 'the rest came', 500);
    expect(bodies(stream.heard)).toEqual(Array.from({ length: 23 }, (_, i) => `${i + 1}`));
    stream.close();
    const [row] = await server.db.query<{ count: number }>(
      `select count(*)::int as count from events where type = 'device.queue_full' and data->>'deviceId' = $1`,
      [duck.id],
    );
    expect(row!.count).toBe(1);
    await eventually(async () => !(await device(duck.id)).overLimit, 'the limit is behind it');
  });
});

describe('a connected device', () => {
  test('has a text at once', async () => {
    const { own, device: duck } = await deviceOnNumber();
    const stream = await openStream(server.origin, duck.token);
    await text(own.phoneNumber, 'warm');
    await eventually(() => stream.heard.length === 1, 'the first came');
    const sent = performance.now();
    const waiting = Promise.withResolvers<number>();
    const timer = setInterval(
      () => stream.heard.length === 2 && waiting.resolve(performance.now() - sent),
      1,
    );
    await text(own.phoneNumber, 'fast');
    expect(await waiting.promise).toBeLessThan(500);
    clearInterval(timer);
    stream.close();
  });

  test('is waited with by a long poll', async () => {
    const { own, device: duck } = await deviceOnNumber();
    const waiting = poll(duck.token, '?wait=20');
    await eventually(async () => (await device(duck.id)).online, 'it is online');
    await text(own.phoneNumber, 'now');
    expect(bodies((await waiting).data)).toEqual(['now']);
  });

  test('has one connection: a newer one ends it and gets the texts', async () => {
    const { own, device: duck } = await deviceOnNumber();
    const old = await openStream(server.origin, duck.token);
    const young = await openStream(server.origin, duck.token);
    await old.ended;
    await text(own.phoneNumber, 'To whom?');
    await eventually(() => young.heard.length === 1, 'the newer one got it');
    expect(old.heard).toEqual([]);
    young.close();
  });

  test('that says nothing to what it was given is let go', async () => {
    const { own, device: duck } = await deviceOnNumber();
    const stream = await openStream(server.origin, duck.token);
    await text(own.phoneNumber, 'Hello?');
    await stream.ended;
    expect(stream.heard).toHaveLength(1);
  });
});

describe('two servers on one database', () => {
  let second: TestServer;
  beforeAll(async () => {
    second = await startServer(
      { TWILIO_API_URL: provider.url },
      { level: 'error', database: server.databaseUrl },
    );
  });
  afterAll(() => second.stop());

  test('a text that came to one is with a device at the other at once', async () => {
    const { own, device: duck } = await deviceOnNumber();
    const stream = await openStream(second.origin, duck.token);
    await text(own.phoneNumber, 'Hello over there');
    // Without the signal it would be found within a second.
    await eventually(() => stream.heard.length === 1, 'the text came', 500);
    await ack(duck.token, stream.heard[0]!.id);
    stream.close();
  });

  test('a token that one revokes is nothing at the other, and its stream ends', async () => {
    const duck = await pair();
    const stream = await openStream(second.origin, duck.token);
    await server.call('DELETE', `/v1/devices/${duck.id}/token`);
    await stream.ended;
    expect((await second.get('/v1/device/texts', { token: duck.token })).status).toBe(401);
  });

  test('a stream that seems open at one is given nothing once there is a newer one at the other', async () => {
    const { own, device: duck } = await deviceOnNumber();
    const old = await openStream(server.origin, duck.token);
    const young = await openStream(second.origin, duck.token);
    for (let i = 0; i < 5; i++) await text(own.phoneNumber, `${i}`);
    await eventually(() => young.heard.length === 5, 'the newer one got all');
    expect(old.heard).toEqual([]);
    old.close();
    young.close();
  });
});

describe('a token', () => {
  test('is shown once and stored as its SHA-256', async () => {
    const duck = await pair();
    expect(duck.token).toMatch(/^td_[A-Za-z0-9_-]{43}$/);
    expect((await server.get(`/v1/devices/${duck.id}`)).text).not.toContain(duck.token);
    const rows = await server.db.query('select hash from device_tokens where device_id = $1', [duck.id]);
    expect(rows).toHaveLength(1);
  });

  test('that was revoked is nothing at once, and its stream ends', async () => {
    const duck = await pair();
    const stream = await openStream(server.origin, duck.token);
    expect((await server.call('DELETE', `/v1/devices/${duck.id}/token`)).status).toBe(204);
    expect((await server.get('/v1/device/texts', { token: duck.token })).status).toBe(401);
    await stream.ended;
  });

  test('that was rotated works until the new one is used', async () => {
    const duck = await pair();
    const stream = await openStream(server.origin, duck.token);
    const { token } = (await server.post(`/v1/devices/${duck.id}/token`, undefined)).body;
    expect((await server.post('/v1/device/heartbeat', undefined, { token: duck.token })).status).toBe(204);
    expect((await server.post('/v1/device/heartbeat', undefined, { token })).status).toBe(204);
    await stream.ended;
    expect((await server.post('/v1/device/heartbeat', undefined, { token: duck.token })).status).toBe(401);
    expect((await server.post('/v1/device/heartbeat', undefined, { token })).status).toBe(204);
  });

  test('that was rotated ends after ten minutes', async () => {
    const duck = await pair();
    await server.post(`/v1/devices/${duck.id}/token`, undefined);
    const [row] = await server.db.query<{ seconds: number }>(
      `select extract(epoch from expires_at - now())::int as seconds from device_tokens
       where device_id = $1 and expires_at is not null`,
      [duck.id],
    );
    expect(row!.seconds).toBeGreaterThan(590);
    expect(row!.seconds).toBeLessThanOrEqual(600);
    await server.db.query(
      `update device_tokens set expires_at = now() where device_id = $1 and expires_at is not null`,
      [duck.id],
    );
    expect((await server.get('/v1/device/texts', { token: duck.token })).status).toBe(401);
  });

  test.each(['/v1/messages', '/v1/devices', '/v1/numbers', '/v1/events', '/v1/api-keys'])(
    'of a device does not reach %s',
    async (path) => {
      const duck = await pair();
      expect((await server.get(path, { token: duck.token })).status).toBe(401);
    },
  );

  const strangers: [string, () => undefined | null | string | Promise<string>][] = [
    ['an admin token', () => undefined],
    ['nobody', () => null],
    ['a token of no device', () => `td_${'A'.repeat(43)}`],
    ['an API key', async () => (await server.post('/v1/api-keys', { name: 'key' })).body.key as string],
  ];
  test.each(strangers)('%s is no device', async (_, make) => {
    const token = await make();
    for (const [method, path] of [
      ['GET', '/v1/device/stream'],
      ['GET', '/v1/device/texts'],
      ['POST', '/v1/device/heartbeat'],
      ['POST', `/v1/device/texts/${newId()}/ack`],
    ] as const) {
      const answer = await server.call(method, path, token === undefined ? {} : { token });
      expect([answer.status, answer.body?.code], path).toEqual([401, 'unauthorized']);
    }
  });
});

describe('what a device sends', () => {
  test('answers the text from the number it came to, through the one door', async () => {
    const { own, device: duck } = await deviceOnNumber();
    const from = nextPhone();
    await text(own.phoneNumber, 'Hi', from);
    const { data } = await poll(duck.token);
    const answer = await server.post(
      '/v1/device/messages',
      { textId: data[0]!.id, body: 'Quack' },
      { token: duck.token },
    );
    expect(answer.status, answer.text).toBe(202);
    const message: Message = (await server.get(`/v1/messages/${answer.body.id}`)).body;
    expect(message).toMatchObject({ author: 'device', from: own.phoneNumber, to: from, body: 'Quack' });
    expect(message.conversationId).toBe(data[0]!.conversationId);
    expect((await steps(message.id))[0]).toBe('Accepted from a device: 1 segment.');
  });

  test('comes from its own numbers only', async () => {
    const { own, device: duck } = await deviceOnNumber();
    const other = await deviceOnNumber();
    const post = (body: unknown) => server.post('/v1/device/messages', body, { token: duck.token });
    expect((await post({ to: nextPhone(), body: 'x' })).body.from).toBe(own.phoneNumber);
    expect((await post({ to: nextPhone(), from: own.phoneNumber, body: 'x' })).status).toBe(202);
    expect((await post({ to: nextPhone(), from: other.own.phoneNumber, body: 'x' })).status).toBe(400);
    expect((await post({ body: 'x' })).status).toBe(400);
    await text(other.own.phoneNumber, 'private');
    const { data } = await poll(other.device.token);
    expect((await post({ textId: data[0]!.id, body: 'x' })).status).toBe(404);
    const numberless = await pair();
    expect(
      (await server.post('/v1/device/messages', { to: nextPhone(), body: 'x' }, { token: numberless.token }))
        .body.code,
    ).toBe('no_number');
  });

  test('reaches another device by its name, within the organization', async () => {
    const [samantha, seven] = [await pair({ name: 'Samantha æøå' }), await pair({ name: 'Seven' })];
    const send = (name: string) =>
      server.post(
        `/v1/device/devices/${encodeURIComponent(name)}/texts`,
        { body: 'Quack quack' },
        { token: seven.token },
      );
    expect((await send('samantha ÆØÅ')).status).toBe(202);
    expect((await send('nobody')).status).toBe(404);
    const { data } = await poll(samantha.token);
    expect(data).toMatchObject([
      { messageId: null, from: 'Seven', to: 'Samantha æøå', body: 'Quack quack', attempt: 1 },
    ]);
    expect(
      (
        await server.post(
          '/v1/device/messages',
          { textId: data[0]!.id, body: 'x' },
          { token: samantha.token },
        )
      ).status,
    ).toBe(400);
    expect((await ack(samantha.token, data[0]!.id)).status).toBe(200);
    // A queue that is full takes no more from devices.
    for (let i = 0; i < 5; i++) await send('Samantha æøå');
    await eventually(async () => (await send('Samantha æøå')).status === 429, 'the queue is full');
  });
});

describe('who may', () => {
  test('nobody touches the texts and devices of others', async () => {
    const { own, device: duck } = await deviceOnNumber();
    const stranger = await pair();
    await text(own.phoneNumber, 'secret');
    const { data } = await poll(duck.token);
    expect((await ack(stranger.token, data[0]!.id)).status).toBe(404);
    expect((await nack(stranger.token, data[0]!.id)).status).toBe(404);
    const other = await organization(server.db);
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PATCH', '', { name: 'Mine' }],
      ['DELETE', '', undefined],
      ['POST', '/token', undefined],
      ['DELETE', '/token', undefined],
      ['GET', '/texts', undefined],
      ['POST', '/replay', {}],
    ] as const)
      expect(
        (await server.call(method, `/v1/devices/${duck.id}${path}`, { as: other.id, body })).status,
        path,
      ).toBe(404);
    expect((await server.get('/v1/devices', { as: other.id })).body.data).toEqual([]);
    expect(
      (await server.post('/v1/devices', { name: 'Thief', numberIds: [own.id] }, { as: other.id })).status,
    ).toBe(404);
  });

  test('a name is taken once, in whatever case', async () => {
    await pair({ name: 'Only One' });
    const again = await server.post('/v1/devices', { name: 'only one', numberIds: [] });
    expect([again.status, again.body.code]).toEqual([409, 'device_exists']);
  });

  test.each(['?cursor=abc', '?wait=61', '?wait=-1'])('refuses %s', async (query) => {
    const duck = await pair();
    expect((await server.get(`/v1/device/texts${query}`, { token: duck.token })).status).toBe(400);
  });
});
