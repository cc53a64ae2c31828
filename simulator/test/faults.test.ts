import { demoAccount, type Fault } from '@trunkline/contract/simulator';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { clientFor, ours, refusal, setUp, theirs, until } from './stand.ts';

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

const statusCallback = () => `${stand.hook.url}/status`;
const impatient = () => {
  const client = clientFor(stand.url);
  const { httpClient } = client;
  const request = httpClient.request.bind(httpClient);
  httpClient.request = (options) => request({ ...options, timeout: 150 });
  return client;
};
const create = { to: theirs, from: ours, body: 'x' };

describe('on create', () => {
  test.each([
    [{ kind: 'error', status: 500 }, 500, 20500, 0],
    [{ kind: 'error', status: 503, accept: true }, 503, 20503, 1],
    [{ kind: 'error', status: 429 }, 429, 20429, 0],
    [{ kind: 'error', status: 400, code: 21610 }, 400, 21610, 0],
    [{ kind: 'error', status: 502 }, 502, undefined, 0],
  ] as [Fault['effect'], number, number | undefined, number][])(
    '%j',
    async (effect, status, code, accepted) => {
      await stand.fault({ effect, times: 1 });
      expect(await refusal(stand.send())).toMatchObject({ status, code });
      expect((await stand.ledger()).length).toBe(accepted);
      expect((await stand.send()).status).toBe('queued');
    },
  );

  test('Retry-After is sent when it is set', async () => {
    await stand.fault({ on: 'request', effect: { kind: 'error', status: 429, retryAfterSeconds: 7 } });
    const authorization = `Basic ${btoa(`${demoAccount.accountSid}:${demoAccount.authToken}`)}`;
    const path = `/2010-04-01/Accounts/${demoAccount.accountSid}.json`;
    const response = await fetch(stand.url + path, { headers: { authorization } });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7']);
  });

  test('latency: taken at once, answered late', async () => {
    await stand.fault({ effect: { kind: 'latency', ms: 120 } });
    const started = performance.now();
    const sending = stand.send();
    await until(async () => (await stand.ledger()).length === 1);
    expect((await sending).status).toBe('queued');
    expect(performance.now() - started).toBeGreaterThan(110);
  });

  test.each([true, false])('timeout, accepted: %s', async (accept) => {
    await stand.fault({ effect: { kind: 'timeout', accept }, times: 1 });
    await expect(impatient().messages.create(create)).rejects.toThrow(/timeout/i);
    expect((await stand.ledger()).length).toBe(accept ? 1 : 0);
  });

  test.each([true, false])('reset, accepted: %s', async (accept) => {
    await stand.fault({ effect: { kind: 'reset', accept }, times: 1 });
    await expect(stand.send()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect((await stand.ledger()).length).toBe(accept ? 1 : 0);
  });

  test('early: every callback has come before the answer', async () => {
    await stand.control('PUT', '/settings', { sentAfterMs: 60_000, deliveredAfterMs: 60_000 });
    await stand.fault({ on: 'status', effect: { kind: 'early' } });
    const { sid, status } = await stand.send({ statusCallback: statusCallback() });
    expect(status).toBe('queued');
    expect(stand.hook.statuses(sid)).toEqual(['sent', 'delivered']);
    expect((await stand.client.messages(sid).fetch()).status).toBe('delivered');
  });

  test.each([
    [{ status: 'undelivered', code: 30003 }, 'sent,undelivered'],
    [{ status: 'failed', code: 30007 }, 'failed'],
    [{ status: 'sent' }, 'sent'],
    [{ status: 'delivered' }, 'sent,delivered'],
  ] as const)('outcome %j', async (outcome, statuses) => {
    await stand.fault({ match: { bodyIncludes: 'odd' }, effect: { kind: 'outcome', ...outcome } });
    const { sid } = await stand.send({ body: 'an odd one', statusCallback: statusCallback() });
    await until(() => stand.hook.statuses(sid).join() === statuses);
    const code = 'code' in outcome ? outcome.code : null;
    expect((await stand.client.messages(sid).fetch()).errorCode).toBe(code);
  });
});

test('list and fetch have faults of their own', async () => {
  const { sid } = await stand.send();
  await stand.fault({ on: 'list', match: { to: theirs }, effect: { kind: 'error', status: 500 } });
  await stand.fault({ on: 'fetch', match: { to: theirs }, effect: { kind: 'error', status: 503 } });
  expect(await refusal(stand.client.messages.list({ to: theirs }))).toMatchObject({ status: 500 });
  expect(await stand.client.messages.list({ to: '+14155550143' })).toEqual([]);
  expect(await refusal(stand.client.messages(sid).fetch())).toMatchObject({ status: 503 });
  expect((await stand.send()).status).toBe('queued');
});

describe('on status callbacks', () => {
  test('drop one status', async () => {
    await stand.fault({ on: 'status', match: { status: 'sent' }, effect: { kind: 'drop' } });
    const { sid } = await stand.send({ statusCallback: statusCallback() });
    await until(() => stand.hook.statuses(sid).length);
    expect(stand.hook.statuses(sid)).toEqual(['delivered']);
  });

  test('repeat', async () => {
    await stand.fault({ on: 'status', effect: { kind: 'repeat', times: 3 } });
    const { sid } = await stand.send({ statusCallback: statusCallback() });
    await until(() => stand.hook.statuses(sid).length === 6);
    expect(stand.hook.statuses(sid)).toEqual([...Array(3).fill('sent'), ...Array(3).fill('delivered')]);
  });

  test('latency delays, and keeps the order', async () => {
    const started = performance.now();
    await stand.fault({ on: 'status', match: { status: 'sent' }, effect: { kind: 'latency', ms: 80 } });
    const { sid } = await stand.send({ statusCallback: statusCallback() });
    await until(() => stand.hook.statuses(sid).length === 2);
    expect(stand.hook.statuses(sid)).toEqual(['sent', 'delivered']);
    expect(performance.now() - started).toBeGreaterThan(75);
  });

  test('shuffle lets them overtake', async () => {
    await stand.fault({ on: 'status', match: { status: 'sent' }, effect: { kind: 'shuffle', ms: 300 } });
    const sids: string[] = [];
    for (let i = 0; i < 12; i++) sids.push((await stand.send({ statusCallback: statusCallback() })).sid);
    await until(() => stand.hook.hits.length === 24);
    expect(sids.some((sid) => stand.hook.statuses(sid).join() === 'delivered,sent')).toBe(true);
  });
});

describe('on inbound webhooks', () => {
  test('drop', async () => {
    await stand.fault({ on: 'inbound', match: { bodyIncludes: 'lost' }, effect: { kind: 'drop' } });
    expect((await stand.text('lost')).webhook).toEqual({ status: null, attempts: 0 });
    await stand.text('kept');
    expect(stand.hook.hits.map((hit) => hit.params.Body)).toEqual(['kept']);
    // The message itself stays in the log, as with Twilio: that is how it can be found again.
    expect((await stand.client.messages.list({ to: ours })).map(({ body }) => body)).toEqual([
      'kept',
      'lost',
    ]);
  });

  test('repeat: one MessageSid, several deliveries', async () => {
    await stand.fault({ on: 'inbound', effect: { kind: 'repeat', times: 5 } });
    const { sid } = await stand.text('x');
    expect(stand.hook.hits.map((hit) => [hit.params.MessageSid, hit.signed])).toEqual(
      Array(5).fill([sid, true]),
    );
    expect(new Set(stand.hook.hits.map((hit) => hit.headers['i-twilio-idempotency-token'])).size).toBe(5);
  });

  test('latency and shuffle', async () => {
    await stand.fault({ on: 'inbound', effect: { kind: 'latency', ms: 60 }, times: 1 });
    await stand.fault({ on: 'inbound', effect: { kind: 'shuffle', ms: 60 }, times: 1 });
    const started = performance.now();
    await stand.text('x');
    expect(performance.now() - started).toBeGreaterThan(55);
    await stand.text('y');
    expect(stand.hook.hits.length).toBe(2);
  });
});

describe('the list of faults', () => {
  test('the first that matches and is not used up applies', async () => {
    await stand.fault({ match: { to: '+14155550143' }, effect: { kind: 'error', status: 500 } });
    await stand.fault({ match: { from: ours }, effect: { kind: 'error', status: 503 }, times: 1 });
    await stand.fault({ effect: { kind: 'error', status: 429 }, probability: 0 });
    expect(await refusal(stand.send())).toMatchObject({ status: 503 });
    expect((await stand.send()).status).toBe('queued');
    expect(await refusal(stand.send({ to: '+14155550143' }))).toMatchObject({ status: 500 });
    const { data } = await stand.control<{ data: { id: string; used: number }[] }>('GET', '/faults');
    expect(data.map((fault) => fault.used)).toEqual([1, 1, 0]);
    await stand.control('DELETE', `/faults/${data[0]?.id}`);
    expect((await stand.send({ to: '+14155550143' })).status).toBe('queued');
    await stand.control('DELETE', '/faults');
    expect(await stand.control('GET', '/faults')).toEqual({ data: [], nextCursor: null });
    await expect(stand.control('DELETE', '/faults/none')).rejects.toThrow('404');
  });

  test.each([
    [{ on: 'create', effect: { kind: 'drop' } }, /cannot have the effect .*drop/],
    [{ on: 'inbound', effect: { kind: 'error', status: 500 } }, /cannot have the effect .*error/],
    [{ effect: { kind: 'magic' } }, 'effect.kind'],
    [{ effect: { kind: 'latency', ms: -1 } }, 'effect.ms'],
  ])('%j is refused', async (fault, sentence) => {
    await expect(stand.fault(fault as Fault)).rejects.toThrow(sentence);
  });
});
