import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../src/base/ids.ts';
import {
  type Answer,
  eventually,
  incomingForm,
  type Json,
  nextSid,
  organization,
  realSettings,
  signature,
  startProvider,
  startServer,
  type TestProvider,
  type TestServer,
} from './build.ts';
import { createDatabase } from './database.ts';

const path = (number: string) => encodeURIComponent(number);
const from = '+4712345678';
const twiml = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>';
const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/);
const empty = { status: 'ok', messages: [], count: 0 };

let numbers = 0;
/** A number that no other test uses. */
const nextOwn = () => `+1202555${String(2000 + ++numbers)}`;

let names = 0;
const nextName = () => `Anda-${++names}`;

const client = (server: () => TestServer) => ({
  register: (number: string, name = nextName(), at = '/register') =>
    server().post(at, { twilio_number: number, name, ip: '192.168.1.50' }, { token: null }),
  unregister: (number: string) => server().post('/unregister', { twilio_number: number }, { token: null }),
  poll: (number: string, at = '/poll') => server().get(`${at}/${path(number)}`, { token: null }),
  text: (to: string, more: Record<string, string> = {}, at = `/webhook/sms/${path(to)}`) =>
    server().form(at, { From: from, Body: 'Test melding', To: to, MessageSid: nextSid(), ...more }),
  duckSend: (from_duck: string, to_duck: string, message: string, more = {}, at = '/duck/send') =>
    server().post(at, { from_duck, to_duck, message, ...more }, { token: null }),
  duckPoll: (name: string, at = '/duck/poll') => server().get(`${at}/${path(name)}`, { token: null }),
});
const bodies = (answer: Answer): string[] => {
  expect(answer).toMatchObject({ status: 200, body: { status: 'ok', count: answer.body.messages.length } });
  return answer.body.messages.map((text: Json) => text.message);
};
const error = (status: number, message: unknown) => ({
  status,
  type: 'application/json',
  body: { status: 'error', message },
});

/** What was handed out and not yet known to have arrived or not. */
const underWay = async (server: TestServer, number: string): Promise<number> =>
  (
    await server.db.query<{ count: number }>(
      `select count(*) as count from device_texts where to_address = $1 and status = 'leased' and written_at is null`,
      [number],
    )
  )[0]!.count;
const settled = (server: TestServer, number: string) =>
  eventually(async () => (await underWay(server, number)) === 0, 'the end of a response to be noted');

describe('in demo mode, from this machine', () => {
  let server: TestServer;
  const { register, unregister, poll, text, duckSend, duckPoll } = client(() => server);
  beforeAll(async () => {
    server = await startServer({ PORT: '27180', SIMULATOR_PORT: '27181', DEVICE_QUEUE_LIMIT: '500' });
  });
  afterAll(() => server.stop());

  test("the seed's lines work as printed, and the simulator has the number", async () => {
    const own = '+12025551234';
    expect(await register(own, 'Anda-Oslo')).toMatchObject({
      status: 200,
      type: 'application/json',
      body: { status: 'registered', name: 'Anda-Oslo', ip: '192.168.1.50', heartbeat_timeout: 10 },
    });
    expect((await poll(own)).body).toEqual(empty);
    const raw = 'From=%2B4712345678&Body=Test+melding&To=%2B12025551234&MessageSid=SM123';
    for (let i = 0; i < 2; i++)
      expect(await server.form('/webhook/sms/%2B12025551234', raw)).toMatchObject({
        status: 200,
        type: 'application/json',
        body: { status: 'queued', duck: 'Anda-Oslo', queue_size: 1 },
      });
    const message = {
      from,
      to: own,
      message: 'Test melding',
      media_url: null,
      sid: 'SM123',
      timestamp,
      id: 'SM123',
    };
    expect((await poll(own)).body).toEqual({ status: 'ok', messages: [message], count: 1 });
    const simulated = await fetch(
      'http://127.0.0.1:27181/simulator/phones/%2B15550100001/messages?wait=webhook',
      { method: 'POST', body: JSON.stringify({ to: own, body: 'Signed' }) },
    );
    expect(((await simulated.json()) as Json).webhook).toEqual({ status: 200, attempts: 1 });
    expect(bodies(await poll(own))).toEqual(['Signed']);
  });

  describe('ways to write it', () => {
    const own = nextOwn();
    beforeAll(() => register(own));

    test.each([
      ['/poll/%2B', ''],
      ['/poll/+', ''],
      ['/poll/', ' without +'],
      ['//poll//%2B', ' with doubled slashes'],
      ['/register/poll/%2B', ' behind /register'],
      ['/poll/%2B', ' with a slash at the end', '/'],
      ['/poll/+1%20', ' with a space', '', 1],
    ])('%s… polls%s', async (at, _, end = '', skip = 0) => {
      const body = `By ${newId()}`;
      await text(own, { Body: body });
      await settled(server, own);
      expect(bodies(await server.get(`${at}${own.slice(1 + skip)}${end}`, { token: null }))).toEqual([body]);
      await settled(server, own);
    });

    test.each(['/webhook/sms/+19995550100', '/webhook/sms//%2B1', '/webhook/sms', '/register/webhook/sms/x'])(
      '%s queues for the To of the form',
      async (at) => {
        const body = `By ${newId()}`;
        expect((await text(own, { Body: body }, at)).status).toBe(200);
        expect(bodies(await poll(own))).toEqual([body]);
        await settled(server, own);
      },
    );

    test.each(['12025552001', ' 12025552001', '+1 202-555-2001'])('To=%s is the number', async (to) => {
      expect(own).toBe('+12025552001');
      expect((await text(own, { To: to })).body).toMatchObject({ status: 'queued', queue_size: 1 });
      expect((await poll(own)).body.messages).toMatchObject([{ to: own, from }]);
      await settled(server, own);
    });

    test.each(['/register/register', '//register', '/register//register/'])(
      'POST %s registers',
      async (at) => {
        expect((await register(nextOwn(), nextName(), at)).body).toMatchObject({ status: 'registered' });
      },
    );

    test('the doubled paths of what devices write to each other', async () => {
      const name = nextName();
      expect((await duckSend('seven', name, 'Quack', {}, '/register/duck/send')).status).toBe(200);
      expect(bodies(await duckPoll(name, '/register/duck/poll'))).toEqual(['Quack']);
    });
  });

  describe('refusals', () => {
    const own = nextOwn();
    const post = (at: string, raw: string, type = 'application/json') =>
      server.call('POST', at, { token: null, raw, headers: { 'content-type': type } });

    test.each([
      ['nothing', {}],
      ['no ip', { twilio_number: own, name: 'Anda' }],
      ['an empty name', { twilio_number: own, name: '', ip: '10.0.0.1' }],
      ['a number for a name', { twilio_number: own, name: 5, ip: '10.0.0.1' }],
    ])('registering with %s', async (_, body) => {
      expect(await server.post('/register', body, { token: null })).toMatchObject(
        error(400, 'Missing required fields'),
      );
    });

    test.each([
      ['no number', { twilio_number: 'Anda', name: 'Anda', ip: '10.0.0.1' }],
      ['a NUL', { twilio_number: own, name: 'An\0da', ip: '10.0.0.1' }],
      ['a name too long', { twilio_number: own, name: 'A'.repeat(101), ip: '10.0.0.1' }],
    ])('registering with %s', async (_, body) => {
      expect(await server.post('/register', body, { token: null })).toMatchObject(
        error(400, expect.stringMatching(/\.$/)),
      );
    });

    test('a body that is no JSON object, or not said to be', async () => {
      expect(await post('/register', '{')).toMatchObject(error(400, expect.any(String)));
      expect(await post('/register', '[]')).toMatchObject(error(400, expect.any(String)));
      expect(await post('/register', '{}', 'text/plain')).toMatchObject(error(415, expect.any(String)));
      expect(await post('/webhook/sms/x', '{}')).toMatchObject(error(415, expect.any(String)));
    });

    test('what is not registered', async () => {
      expect(await poll(own)).toMatchObject(error(404, 'Not registered'));
      expect(await unregister(own)).toMatchObject(error(404, 'Not registered'));
      expect(await server.post('/unregister', {}, { token: null })).toMatchObject(
        error(404, 'Not registered'),
      );
      expect(await text(own)).toMatchObject(error(404, `No Duck instance registered for ${own}`));
      expect(await server.form('/webhook/sms/x', { From: from, MessageSid: nextSid() })).toMatchObject(
        error(404, 'No Duck instance registered for None'),
      );
    });

    test('rubbish in place of numbers and names', async () => {
      for (const at of ['/poll/%00', '/poll/+', `/poll/${'9'.repeat(500)}`])
        expect(await server.get(at, { token: null })).toMatchObject(error(404, 'Not registered'));
      expect((await duckPoll('\0')).body).toEqual(empty);
      for (const to of ['\0', 'x', '+1'])
        expect(await text(to)).toMatchObject(error(404, expect.stringContaining('No Duck instance')));
    });

    test('wrong methods and halves of paths', async () => {
      expect(await server.post(`/poll/${path(own)}`, {}, { token: null })).toMatchObject(
        error(405, 'Use GET here.'),
      );
      expect(await server.get('/register', { token: null })).toMatchObject(error(405, 'Use POST here.'));
      for (const at of ['/poll', '/duck', '/duck/poll', '/webhook/sms/x/y', '/poll/%zz'])
        expect((await server.get(at, { token: null })).status, at).toBe(404);
    });

    test.each([
      ['through a proxy', { 'x-forwarded-for': '203.0.113.9' }],
      ['by a page of another site', { 'sec-fetch-site': 'cross-site' }],
      ['with a token of nobody', { authorization: `Bearer td_${'x'.repeat(43)}` }],
    ])('asked %s', async (_, headers) => {
      for (const at of [`/poll/${path(own)}`, '/duck/poll/seven'])
        expect(await server.get(at, { token: null, headers })).toMatchObject(
          error(401, expect.stringContaining('RELAY_OPEN_NUMBERS')),
        );
      const body = { twilio_number: own, name: 'Thief', ip: '10.0.0.1' };
      expect((await server.post('/register', body, { token: null, headers })).status).toBe(401);
      expect((await server.post('/unregister', body, { token: null, headers })).status).toBe(401);
      const { status, body: shown } = await server.get('/status', { token: null, headers });
      expect({ status, shown }).toEqual({
        status: 200,
        shown: { status: 'ok', registered_ducks: 0, registry: {} },
      });
    });
  });

  describe('texts', () => {
    test('come oldest first, without a cap', async () => {
      const own = nextOwn();
      await register(own);
      const sent = Array.from({ length: 130 }, (_, i) => `Text ${i}`);
      let size = 0;
      for (const Body of sent) size = (await text(own, { Body })).body.queue_size;
      expect(size).toBe(130);
      expect(bodies(await poll(own))).toEqual(sent);
    });

    test('that came before their number was known are kept, and come when it registers', async () => {
      const own = nextOwn();
      expect((await text(own, { Body: 'One' })).status).toBe(404);
      expect((await text(own, { Body: 'Two' })).status).toBe(404);
      await register(own);
      expect(bodies(await poll(own)).sort()).toEqual(['One', 'Two']);
      expect(bodies(await poll(own))).toEqual([]);
    });

    test('wait while nobody is registered, also for a device of another name', async () => {
      const own = nextOwn();
      await register(own, 'Samantha-1');
      await text(own, { Body: 'Queued' });
      expect((await unregister(own)).body).toEqual({ status: 'unregistered', name: 'Samantha-1' });
      expect(await poll(own)).toMatchObject({ status: 200 });
      expect((await unregister(own)).status).toBe(200);
      expect(await text(own, { Body: 'Kept' })).toMatchObject(error(404, expect.any(String)));
      await register(own, 'Seven-1');
      expect(bodies(await poll(own)).sort()).toEqual(['Kept', 'Queued']);
    });

    test('have an empty message when a picture came without words', async () => {
      const own = nextOwn();
      await register(own);
      const media = 'https://media.example.test/1';
      const form = { From: from, To: own, MessageSid: nextSid(), NumMedia: '', MediaUrl0: media };
      expect((await server.form(`/webhook/sms/${path(own)}`, form)).status).toBe(200);
      expect((await poll(own)).body.messages).toMatchObject([
        { message: '', media_url: expect.stringMatching(/^https?:/) },
      ]);
    });

    test('keep to their record: queued, offered, taken', async () => {
      const own = nextOwn();
      await register(own);
      const sid = nextSid();
      await text(own, { MessageSid: sid });
      await poll(own);
      await settled(server, own);
      await poll(own);
      const [row] = await server.db.query<{ id: string }>('select id from messages where provider_sid = $1', [
        sid,
      ]);
      const { steps } = (await server.get(`/v1/messages/${row!.id}`)).body;
      expect(steps.map((step: Json) => step.type).slice(-3)).toEqual([
        'message.routed',
        'device.offered',
        'device.taken',
      ]);
    });
  });

  describe('a batch', () => {
    const open = (number: string): Promise<Socket> =>
      new Promise((resolve, reject) => {
        const socket = connect(27180, '127.0.0.1', () => {
          socket.write(`GET /poll/${path(number)} HTTP/1.1\r\nHost: 127.0.0.1:27180\r\n\r\n`);
          resolve(socket);
        });
        socket.on('error', reject);
      });
    /** A number with more in its queue than fits into the buffers on the way. */
    const queued = async (count: number): Promise<string> => {
      const own = nextOwn();
      await register(own);
      const Body = 'x'.repeat(1600);
      await Promise.all(Array.from({ length: count }, () => text(own, { Body })));
      return own;
    };
    const firstBytes = (socket: Socket) =>
      new Promise<void>((resolve) =>
        socket.once('data', () => {
          socket.pause();
          resolve();
        }),
      );

    test('that was read whole is not offered again, and counts as taken at the next poll', async () => {
      const own = await queued(3);
      const socket = await open(own);
      let read = '';
      for await (const chunk of socket) read += chunk;
      expect(JSON.parse(read.split('\r\n\r\n')[1]!).count).toBe(3);
      await settled(server, own);
      const statuses = () =>
        server.db.query('select distinct status from device_texts where to_address = $1', [own]);
      expect(await statuses()).toEqual([{ status: 'leased' }]);
      expect((await poll(own)).body).toEqual(empty);
      expect(await statuses()).toEqual([{ status: 'taken' }]);
    });

    test.each([
      ['resets', (socket: Socket) => socket.resetAndDestroy()],
      ['closes', (socket: Socket) => socket.destroy()],
      ['half-closes before it has read', (socket: Socket) => socket.end()],
    ])('is offered again whole when the client %s in mid-response', async (_, end) => {
      const own = await queued(3000 / 10);
      const socket = await open(own);
      socket.on('error', () => {});
      await firstBytes(socket);
      end(socket);
      await settled(server, own);
      socket.destroy();
      const seen: string[] = [];
      for (let last = -1; last !== seen.length; await settled(server, own)) {
        last = seen.length;
        seen.push(...(await poll(own)).body.messages.map((one: Json) => one.sid));
      }
      expect(seen).toHaveLength(300);
      expect(new Set(seen).size).toBe(300);
    });

    test('is offered again when the client reads no further and stays', async () => {
      const own = await queued(300);
      const socket = await open(own);
      socket.on('error', () => {});
      await firstBytes(socket);
      await settled(server, own);
      socket.destroy();
      expect((await poll(own)).body.count).toBe(64);
    });

    test('is offered again when the device registers anew', async () => {
      const own = await queued(2);
      expect((await poll(own)).body.count).toBe(2);
      await settled(server, own);
      await register(own);
      expect((await poll(own)).body.count).toBe(2);
      await settled(server, own);
      expect((await poll(own)).body).toEqual(empty);
      await register(own);
      expect((await poll(own)).body).toEqual(empty);
    });
  });

  describe('what devices write to each other', () => {
    test('comes once, in the shapes of the first relay, to the name in whatever case', async () => {
      const [one, two] = [nextName(), nextName()];
      await register(nextOwn(), two);
      const media = { media_url: 'http://192.168.1.5/quack.png' };
      expect(await duckSend(one, two.toLowerCase(), 'Quack', media)).toMatchObject({
        status: 200,
        body: { status: 'queued', from: one, to: two.toLowerCase(), queue_size: 1 },
      });
      const message = {
        from_duck: one,
        to_duck: two.toLowerCase(),
        message: 'Quack',
        ...media,
        timestamp,
        id: expect.stringMatching(/^duck_/),
      };
      expect((await duckPoll(two.toUpperCase())).body).toEqual({
        status: 'ok',
        messages: [message],
        count: 1,
      });
      expect((await duckPoll(two)).body).toEqual(empty);
    });

    test('waits for a device that is not there yet, and is its own when it registers', async () => {
      const name = nextName();
      await duckSend('seven', name, 'Early');
      const { registry } = (await server.get('/status', { token: null })).body;
      const own = nextOwn();
      await register(own, name);
      expect(Object.values(registry).map((one) => (one as Json).name)).not.toContain(name);
      expect((await server.get('/status', { token: null })).body.registry[own]).toMatchObject({
        name,
        pending_duck_messages: 1,
      });
      expect(bodies(await duckPoll(name))).toEqual(['Early']);
    });

    test('is bounded for each name, and in names', async () => {
      const name = nextName();
      const filling = Array.from({ length: 500 }, () => duckSend('seven', name, 'Quack'));
      for (const answer of await Promise.all(filling)) expect(answer.status).toBe(200);
      expect(await duckSend('seven', name, 'Quack')).toMatchObject(error(429, expect.any(String)));
      const made = await Promise.all(
        Array.from({ length: 110 }, () => duckSend('seven', `Nobody-${newId()}`, 'Quack')),
      );
      expect(made.filter((answer) => answer.status === 429).length).toBeGreaterThan(5);
    });

    test('needs all of its fields', async () => {
      const message = 'Missing required fields: from_duck, to_duck, message';
      expect(await duckSend('seven', '', 'Quack')).toMatchObject(error(400, message));
      expect(await server.post('/duck/send', {}, { token: null })).toMatchObject(error(400, message));
      expect(await duckSend('seven', 'one', 'Quack', { media_url: 5 })).toMatchObject(
        error(400, expect.any(String)),
      );
      expect((await duckPoll('nobody-at-all')).body).toEqual(empty);
    });
  });

  test('two boxes of one name are two devices', async () => {
    const [one, two] = [nextOwn(), nextOwn()];
    const name = nextName();
    for (const own of [one, two, two]) expect((await register(own, name)).body).toMatchObject({ name });
    await text(one, { Body: 'To one' });
    expect((await text(two, { Body: 'To two' })).body).toMatchObject({ queue_size: 1 });
    expect(bodies(await poll(two))).toEqual(['To two']);
    expect(bodies(await poll(one))).toEqual(['To one']);
  });

  test('/status and /health tell who is there', async () => {
    const own = nextOwn();
    const name = nextName();
    await register(own, name);
    await text(own);
    const status = await server.get('/status', { token: null });
    expect(status.body).toMatchObject({ status: 'ok', registered_ducks: expect.any(Number) });
    expect(status.body.registry[own]).toEqual({
      name,
      ip: '192.168.1.50',
      last_heartbeat: timestamp,
      online: true,
      pending_messages: 1,
      pending_duck_messages: 0,
    });
    for (const at of ['/health', '//health', '/register/health'])
      expect((await server.get(at, { token: null })).body).toMatchObject({
        status: 'healthy',
        service: 'trunkline',
        timestamp: expect.any(String),
        registered_ducks: status.body.registered_ducks,
      });
    await server.db.query(`update devices set last_seen_at = now() - interval '11 minutes' where name = $1`, [
      name,
    ]);
    expect((await server.get('/status', { token: null })).body.registry[own].online).toBe(false);
    await poll(own);
    expect((await server.get('/status', { token: null })).body.registry[own].online).toBe(true);
  });
});

test('a server that stops hears first whether its last response arrived', async () => {
  const { url, drop } = await createDatabase();
  const first = await startServer({ PORT: '27182', SIMULATOR_PORT: '27183' }, { database: url });
  const own = nextOwn();
  const { register, text } = client(() => first);
  await register(own);
  await text(own);
  const socket = connect({ port: 27182, host: '127.0.0.1', allowHalfOpen: true });
  const read = new Promise<void>((resolve) => {
    socket.on('data', () => {}).once('end', resolve);
  });
  socket.write(`GET /poll/${path(own)} HTTP/1.1\r\nHost: 127.0.0.1:27182\r\n\r\n`);
  await read;
  const stopped = first.stop();
  await eventually(
    () =>
      fetch(`${first.origin}/health`).then(
        () => false,
        () => true,
      ),
    'the server to take nothing new',
  );
  socket.end();
  await stopped;
  const second = await startServer({ PORT: '27182', SIMULATOR_PORT: '27183' }, { database: url });
  expect((await client(() => second).poll(own)).body).toEqual(empty);
  await second.stop();
  await drop();
});

describe('with real credentials', () => {
  const [listed, paired, foreign, other] = [nextOwn(), nextOwn(), nextOwn(), nextOwn()];
  let provider: TestProvider;
  let server: TestServer;
  let token: string;
  const { register, unregister, poll, duckSend, duckPoll } = client(() => server);
  beforeAll(async () => {
    provider = await startProvider();
    server = await startServer({
      ...realSettings(provider),
      ROLES: 'web',
      RELAY_OPEN_NUMBERS: `${listed}, ${paired},${foreign}`,
      DEVICE_ONLINE_SECONDS: '300',
    });
    const { data } = (await server.get('/v1/numbers')).body;
    const numberIds = data.filter((one: Json) => one.phoneNumber === paired).map((one: Json) => one.id);
    const device = await server.post('/v1/devices', { name: 'Paired', numberIds });
    expect(device.status).toBe(201);
    token = device.body.token;
    // Another organization's, where RELAY_OPEN_NUMBERS is not its own to say.
    const theirs = await organization(server.db);
    await server.db.query(
      'update numbers set organization_id = $1, provider_account_id = $2 where phone_number = $3',
      [theirs.id, theirs.accountId, foreign],
    );
  });
  afterAll(async () => {
    await server.stop();
    await provider.close();
  });
  const signed = (to: string, body: string, target = `/webhook/sms/${path(to)}`) => {
    const form = incomingForm({ from, to, body });
    const url = `https://sms.example.test${target}`;
    return server.form(target, form, { 'x-twilio-signature': signature('the-token-in-use', url, form) });
  };

  test('a listed number works for a client that never registers here', async () => {
    expect(await signed(listed, 'First', `/webhook/sms/${listed}`)).toMatchObject({
      status: 200,
      type: 'text/xml',
      text: twiml,
    });
    expect(bodies(await poll(listed))).toEqual(['First']);
    await signed(listed, 'Second');
    expect(bodies(await poll(listed))).toEqual(['Second']);
    expect((await register(listed, 'Samantha')).body).toMatchObject({
      name: 'Samantha',
      heartbeat_timeout: 5,
    });
  });

  test.each([
    ['not listed', other],
    ['with a paired device', paired],
    ["of another organization's", foreign],
  ])('a number %s is not open', async (_, number) => {
    const refused = error(401, expect.stringMatching(/RELAY_OPEN_NUMBERS.*token/));
    expect(await poll(number)).toMatchObject(refused);
    expect(await register(number)).toMatchObject(refused);
    expect(await unregister(number)).toMatchObject(refused);
  });

  test('a webhook without a signature is refused, though it comes from this machine', async () => {
    const form = incomingForm({ from, to: listed });
    expect(await server.form(`/webhook/sms/${path(listed)}`, form)).toMatchObject(
      error(403, expect.any(String)),
    );
    expect(await server.form('/webhook/sms/x', form, { 'x-twilio-signature': 'bm8=' })).toMatchObject({
      status: 403,
    });
  });

  test('/status shows what is open', async () => {
    await register(listed, 'Samantha');
    const { body } = await server.get('/status', { token: null });
    expect(Object.keys(body.registry)).toEqual([listed]);
  });

  test('a paired device polls its own numbers with its token, and its name with nothing less', async () => {
    await signed(paired, 'For the paired one');
    const answer = await server.get(`/poll/${path(paired)}`, { token });
    expect(bodies(answer)).toEqual(['For the paired one']);
    expect((await server.get(`/poll/${path(listed)}`, { token })).status).toBe(401);
    expect((await duckPoll('paired')).status).toBe(401);
    await register(listed, 'Samantha');
    expect((await duckSend('nobody', 'paired', 'Quack')).status).toBe(401);
    expect((await duckSend('samantha', 'paired', 'Quack')).status).toBe(200);
    expect(bodies(await server.get('/duck/poll/paired', { token }))).toEqual(['Quack']);
    expect(bodies(await duckPoll('samantha'))).toEqual([]);
  });

  test('a device that is paired takes over from the old client, with what waits', async () => {
    await register(listed, 'Samantha');
    await poll(listed);
    await settled(server, listed);
    await signed(listed, 'Read by the old one');
    expect(bodies(await poll(listed))).toEqual(['Read by the old one']);
    await settled(server, listed);
    await signed(listed, 'Waiting');
    const { data } = (await server.get('/v1/numbers')).body;
    const numberIds = data.filter((one: Json) => one.phoneNumber === listed).map((one: Json) => one.id);
    const device = await server.post('/v1/devices', { name: 'Its new self', numberIds });
    expect((await poll(listed)).status).toBe(401);
    const itself = { token: device.body.token };
    expect(bodies(await server.get(`/poll/${path(listed)}`, itself))).toEqual(['Waiting']);
    expect((await server.call('DELETE', `/v1/devices/${device.body.id}`)).status).toBeLessThan(300);
  });

  test('nothing is logged that is nobody else’s business', () => {
    const log = server.lines.join('\n');
    for (const secret of [listed, 'First', 'For the paired one', token]) expect(log).not.toContain(secret);
  });
});
