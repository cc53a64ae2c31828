import { request } from 'node:http';
import {
  demoAccount,
  faultSchema,
  ledgerEntrySchema,
  phoneMessageSchema,
  simulatorSettingsSchema,
  webhookAttemptSchema,
} from '@trunkline/contract/simulator';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { clientFor, ours, setUp, theirs, until } from './stand.ts';

let stand: Awaited<ReturnType<typeof setUp>>;
beforeAll(async () => {
  stand = await setUp();
});
beforeEach(async () => {
  await stand.clear();
  await stand.fast();
  await stand.own();
});
afterAll(() => stand.close());

describe('phones', () => {
  test('come to be by texting, by being texted and by name', async () => {
    await stand.send();
    await stand.text('hi', {}, '+14155550143');
    await stand.control('PUT', '/phones/%2B14155550144', { label: 'Ann' });
    await until(async () => (await stand.phone()).length);
    const { data } = await stand.control<{ data: { number: string; label: string }[] }>('GET', '/phones');
    expect(data.map(({ number, label }) => [number, label]).sort()).toEqual([
      [theirs, ''],
      ['+14155550143', ''],
      ['+14155550144', 'Ann'],
    ]);
    expect(await stand.control('GET', '/phones/+14155550144')).toEqual({
      number: '+14155550144',
      label: 'Ann',
    });
    await expect(stand.control('GET', '/phones/+14155550145')).rejects.toThrow('404');
    await expect(stand.control('PUT', '/phones/ann', {})).rejects.toThrow('400');
  });

  test('show both sides of a conversation, and one peer of many', async () => {
    await stand.own('+14155550101');
    await stand.text('a');
    await stand.text('b', { to: '+14155550101' });
    await stand.send({ body: 'c' });
    await until(async () => (await stand.phone()).length === 3);
    const { data } = await stand.control<{ data: unknown[] }>(
      'GET',
      `/phones/${theirs}/messages?with=${encodeURIComponent(ours)}`,
    );
    const messages = data.map((one) => phoneMessageSchema.parse(one));
    expect(messages.map(({ direction, body }) => [direction, body])).toEqual([
      ['out', 'a'],
      ['in', 'c'],
    ]);
  });

  test('answer at once when nobody waits for the webhook', async () => {
    stand.hook.respond = () => undefined;
    const shown = await stand.control('POST', `/phones/${theirs}/messages`, { to: ours, body: 'x' });
    expect(phoneMessageSchema.parse(shown)).toMatchObject({ direction: 'out', peer: ours, body: 'x' });
  });

  test('are watched by server-sent events', async () => {
    const abort = new AbortController();
    const response = await fetch(`${stand.url}/simulator/phones/${theirs}/events`, {
      signal: abort.signal,
      headers: { origin: 'http://localhost:8080' },
    });
    expect(response.headers.get('access-control-allow-origin')).toBe('http://localhost:8080');
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let seen = '';
    const read = async (part: string) => {
      while (!seen.includes(part)) seen += (await reader.read()).value ?? '';
    };
    await read(': watching');
    await stand.text('typed here');
    const { sid } = await stand.send({ body: 'line one\nline two' });
    await read(sid);
    await read('\n\n');
    const event = seen.slice(seen.indexOf('event:'));
    expect(event).toMatch(/^event: message\nid: SM\w{32}\ndata: /);
    const shown = phoneMessageSchema.parse(JSON.parse(event.split('data: ')[1]!));
    expect(shown).toMatchObject({ sid, direction: 'in', peer: ours, body: 'line one\nline two' });
    expect(seen).not.toContain('typed here');
    abort.abort();
  });
});

test('the ledger is read by sender, recipient and time, in pages', async () => {
  for (let i = 0; i < 5; i++) await stand.send({ body: String(i), to: i === 2 ? '+14155550143' : theirs });
  const bodies = async (query: string) =>
    (await stand.ledger(query)).map((entry) => ledgerEntrySchema.parse(entry).body);
  expect(await bodies('')).toEqual(['0', '1', '2', '3', '4']);
  expect(await bodies(`?to=${theirs}`)).toEqual(['0', '1', '3', '4']);
  expect(await bodies(`?from=${encodeURIComponent(ours)}&to=%2B14155550143`)).toEqual(['2']);
  expect(await bodies('?from=%2B14155550777')).toEqual([]);
  await stand.advance(60_000);
  await stand.send({ body: 'late' });
  expect(await bodies(`?since=${new Date(Date.now() + 30_000).toISOString()}`)).toEqual(['late']);
  await expect(stand.ledger('?since=soon')).rejects.toThrow('400');
  const page = await stand.control<{ data: unknown[]; nextCursor: string }>('GET', '/ledger?limit=4');
  expect([page.data.length, page.nextCursor]).toEqual([4, '4']);
  expect(await bodies(`?cursor=${page.nextCursor}`)).toEqual(['4', 'late']);
});

test('webhook attempts are on record', async () => {
  const { sid } = await stand.text('x');
  const sent = await stand.send({ statusCallback: `${stand.hook.url}/status` });
  await until(async () => (await stand.attempts('?kind=status')).length === 2);
  const attempts = (await stand.attempts()).map((one) => webhookAttemptSchema.parse(one));
  expect(
    attempts.map(({ kind, messageSid, status, attempt }) => [kind, messageSid, status, attempt]),
  ).toEqual([
    ['inbound', sid, 204, 1],
    ['status', sent.sid, 204, 1],
    ['status', sent.sid, 204, 1],
  ]);
  expect((await stand.attempts(`?messageSid=${sid}`)).length).toBe(1);
  expect((await stand.attempts('?limit=1')).length).toBe(1);
});

describe('replay', () => {
  test('sends the same inbound message again, signed', async () => {
    const { sid } = await stand.text('once');
    await stand.control('POST', '/webhooks/replay', { messageSid: sid, times: 3 });
    expect(stand.hook.hits.map((hit) => [hit.params.MessageSid, hit.params.Body, hit.signed])).toEqual(
      Array(4).fill([sid, 'once', true]),
    );
    expect(await stand.client.messages.list({ to: ours })).toHaveLength(1);
  });

  test('can mix several', async () => {
    const sids = [(await stand.text('a')).sid, (await stand.text('b')).sid];
    const replay = { messageSid: sids, times: 4, shuffle: true };
    const { data } = await stand.control<{ data: unknown[] }>('POST', '/webhooks/replay', replay);
    expect(data).toHaveLength(8);
    expect(stand.hook.hits.filter((hit) => hit.params.MessageSid === sids[0])).toHaveLength(5);
  });

  test('refuses what never came in', async () => {
    const { sid } = await stand.send();
    await expect(stand.control('POST', '/webhooks/replay', { messageSid: sid })).rejects.toThrow('404');
  });
});

test('two accounts keep apart', async () => {
  const apiKeys = [{ sid: `SK${'1'.repeat(32)}`, secret: 'other-secret' }];
  const made = await stand.control<{ accountSid: string; authToken: string }>('POST', '/accounts', {
    apiKeys,
  });
  const other = clientFor(stand.url, apiKeys[0]!.sid, apiKeys[0]!.secret, made.accountSid);
  await other.incomingPhoneNumbers.create({ phoneNumber: '+14155550177', smsUrl: `${stand.hook.url}/other` });
  const sent = await other.messages.create({ to: theirs, from: '+14155550177', body: 'x' });
  await stand.send();
  expect((await other.messages.list()).map(({ sid }) => sid)).toEqual([sent.sid]);
  await expect(stand.client.messages(sent.sid).fetch()).rejects.toMatchObject({ code: 20404 });
  stand.hook.authToken = made.authToken;
  await stand.text('x', { to: '+14155550177' });
  expect(stand.hook.hits.at(-1)).toMatchObject({ signed: true, params: { AccountSid: made.accountSid } });
  expect((await stand.ledger(`?accountSid=${made.accountSid}`)).length).toBe(1);
  await expect(stand.control('POST', '/accounts', { accountSid: demoAccount.accountSid })).rejects.toThrow(
    '409',
  );
});

test('a reset forgets traffic and keeps what was set up', async () => {
  await stand.send();
  await stand.text('STOP');
  await stand.fault({ effect: { kind: 'error', status: 500 } });
  await stand.control('POST', '/reset');
  expect(await stand.ledger()).toEqual([]);
  expect(await stand.attempts()).toEqual([]);
  expect(await stand.phone()).toEqual([]);
  expect(await stand.client.messages.list()).toEqual([]);
  expect((await stand.send()).status).toBe('queued');
  expect(await stand.control('GET', '/settings')).toMatchObject({ sentAfterMs: 0 });
  await stand.control('POST', '/reset', { everything: true });
  expect(await stand.client.incomingPhoneNumbers.list()).toEqual([]);
  expect(await stand.control('GET', '/settings')).toEqual(simulatorSettingsSchema.parse({}));
});

test('settings change one by one and are checked', async () => {
  const before = await stand.control<object>('GET', '/settings');
  expect(await stand.control('PUT', '/settings', { segmentsPerSecond: 2 })).toEqual({
    ...before,
    segmentsPerSecond: 2,
  });
  await expect(stand.control('PUT', '/settings', { sentAfterMs: -1 })).rejects.toThrow('sentAfterMs');
  await expect(stand.control('PUT', '/settings', { speed: 1 })).rejects.toThrow('400');
});

test('health tells how it is', async () => {
  await stand.send();
  expect(await stand.control('GET', '/health')).toMatchObject({ status: 'ok', accepted: 1 });
});

describe('who may use the control API', () => {
  const ask = (headers: Record<string, string>, method = 'GET') =>
    new Promise<{ status: number; allowed: string | undefined }>((resolve) => {
      const asking = request(`${stand.url}/simulator/health`, { headers, method }, (response) => {
        response.resume();
        const allowed = response.headers['access-control-allow-origin'];
        resolve({ status: response.statusCode ?? 0, allowed });
      });
      asking.end();
    });

  test.each([
    [{ host: 'evil.example' }, 403, undefined],
    [{ host: 'localhost.evil.example:8081' }, 403, undefined],
    [{ host: 'localhost:8081' }, 200, undefined],
    [{ host: '[::1]:8081' }, 200, undefined],
    [{ origin: 'https://evil.example' }, 403, undefined],
    [{ origin: 'null' }, 403, undefined],
    [{ origin: 'http://localhost:8080' }, 200, 'http://localhost:8080'],
  ])('%j: %i', async (headers, status, allowed) => {
    expect(await ask(headers as Record<string, string>)).toEqual({ status, allowed });
  });

  test('a preflight from this machine is answered', async () => {
    expect(await ask({ origin: 'http://127.0.0.1:5173' }, 'OPTIONS')).toEqual({
      status: 204,
      allowed: 'http://127.0.0.1:5173',
    });
  });
});

test.each([
  ['POST', '/faults', '{', 400],
  ['GET', '/nothing', undefined, 404],
  ['DELETE', '/ledger', undefined, 404],
  ['GET', '/phones/%zz', undefined, 404],
])('%s %s is answered with a problem', async (method, path, body, status) => {
  const response = await fetch(`${stand.url}/simulator${path}`, { method, ...(body ? { body } : {}) });
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
});

test('the contract’s fault has its defaults', () => {
  expect(faultSchema.parse({ effect: { kind: 'reset' } })).toMatchObject({
    on: 'create',
    match: {},
    probability: 1,
  });
});
