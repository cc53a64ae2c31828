import { demoAccount } from '@trunkline/contract/simulator';
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

const delivered = (sid: string) =>
  until(async () => (await stand.client.messages(sid).fetch()).status === 'delivered');

test('a message is sent, fetched and delivered', async () => {
  const sent = await stand.send({ body: 'Hello 👍' });
  expect(sent).toMatchObject({
    status: 'queued',
    direction: 'outbound-api',
    from: ours,
    to: theirs,
    body: 'Hello 👍',
    numSegments: '1',
    numMedia: '0',
    price: null,
    priceUnit: 'USD',
    errorCode: null,
    messagingServiceSid: null,
    dateSent: null,
    apiVersion: '2010-04-01',
  });
  expect(sent.sid).toMatch(/^SM[0-9a-f]{32}$/);
  await delivered(sent.sid);
  const fetched = await stand.client.messages(sent.sid).fetch();
  expect(fetched).toMatchObject({ status: 'delivered', price: '-0.00750' });
  expect(Math.abs(fetched.dateSent.getTime() - Date.now())).toBeLessThan(10_000);
  expect(await stand.phone()).toMatchObject([
    { sid: sent.sid, direction: 'in', peer: ours, body: 'Hello 👍' },
  ]);
  expect(await stand.ledger()).toMatchObject([
    { sid: sent.sid, status: 'delivered', from: ours, to: theirs },
  ]);
});

test('the wire carries the types and headers of Twilio', async () => {
  const response = await fetch(`${stand.url}/2010-04-01/Accounts/${demoAccount.accountSid}/Messages.json`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${demoAccount.accountSid}:${demoAccount.authToken}`)}` },
    body: new URLSearchParams({ To: theirs, From: ours, Body: 'x' }),
  });
  expect(response.status).toBe(201);
  expect(response.headers.get('twilio-request-id')).toMatch(/^RQ[0-9a-f]{32}$/);
  expect(response.headers.get('twilio-concurrent-requests')).toBe('1');
  const json = (await response.json()) as Record<string, unknown>;
  const uri = `/2010-04-01/Accounts/${demoAccount.accountSid}/Messages/${json.sid}`;
  expect(json).toEqual({
    account_sid: demoAccount.accountSid,
    api_version: '2010-04-01',
    body: 'x',
    date_created: expect.stringMatching(/^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} \+0000$/),
    date_sent: null,
    date_updated: expect.any(String),
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
    from: ours,
    messaging_service_sid: null,
    num_media: '0',
    num_segments: '1',
    price: null,
    price_unit: 'USD',
    sid: json.sid,
    status: 'queued',
    subresource_uris: { media: `${uri}/Media.json` },
    to: theirs,
    uri: `${uri}.json`,
  });
});

test('an API key works like the token; another key does not', async () => {
  const byKey = clientFor(stand.url, demoAccount.apiKeySid, demoAccount.apiKeySecret);
  expect((await byKey.messages.create({ to: theirs, from: ours, body: 'x' })).status).toBe('queued');
  const wrong = clientFor(stand.url, demoAccount.apiKeySid, 'wrong');
  expect(await refusal(wrong.messages.create({ to: theirs, from: ours, body: 'x' }))).toMatchObject({
    code: 20003,
  });
});

describe('listing', () => {
  test('goes through all pages, newest first, and back', async () => {
    for (let i = 0; i < 7; i++) await stand.send({ body: `text ${i}`, to: i % 2 ? theirs : '+14155550143' });
    const all = await stand.client.messages.list({ pageSize: 3 });
    expect(all.map((message) => message.body)).toEqual([6, 5, 4, 3, 2, 1, 0].map((i) => `text ${i}`));
    expect((await stand.client.messages.list({ pageSize: 3, limit: 4 })).length).toBe(4);

    const first = await stand.client.messages.page({ pageSize: 3 });
    const second = await first.nextPage();
    const third = await second?.nextPage();
    expect(third?.instances.map((message) => message.body)).toEqual(['text 0']);
    expect(third?.nextPageUrl).toBeUndefined();
    expect((await third?.previousPage())?.instances.map((message) => message.body)).toEqual([
      'text 3',
      'text 2',
      'text 1',
    ]);
    expect(first.previousPageUrl).toBeUndefined();
  });

  test('stays steady while new messages come', async () => {
    for (let i = 0; i < 4; i++) await stand.send({ body: `text ${i}` });
    const first = await stand.client.messages.page({ pageSize: 2 });
    await stand.send({ body: 'newer' });
    const second = await first.nextPage();
    expect(second?.instances.map((message) => message.body)).toEqual(['text 1', 'text 0']);
  });

  test('filters by sender, recipient and both', async () => {
    await stand.own('+14155550101');
    await stand.send({ body: 'a' });
    await stand.send({ body: 'b', from: '+14155550101' });
    await stand.send({ body: 'c', to: '+14155550143' });
    await stand.text('d');
    const bodies = async (filter: object) =>
      (await stand.client.messages.list({ pageSize: 1, ...filter })).map((message) => message.body);
    expect(await bodies({ to: theirs })).toEqual(['b', 'a']);
    expect(await bodies({ from: ours })).toEqual(['c', 'a']);
    expect(await bodies({ to: theirs, from: ours })).toEqual(['a']);
    expect(await bodies({ from: theirs })).toEqual(['d']);
    expect(await bodies({ to: '+14155550199' })).toEqual([]);
  });

  test('filters by sent date; what was not sent yet has none', async () => {
    const old = await stand.send({ body: 'old' });
    await delivered(old.sid);
    await stand.advance(2 * 86_400_000);
    const recent = await stand.send({ body: 'recent' });
    await delivered(recent.sid);
    await stand.control('PUT', '/settings', { sentAfterMs: 60_000 });
    await stand.send({ body: 'waiting' });
    const bodies = async (filter: object) =>
      (await stand.client.messages.list(filter)).map((message) => message.body);
    const dayAgo = new Date(Date.now() + 86_400_000);
    expect(await bodies({})).toEqual(['waiting', 'recent', 'old']);
    expect(await bodies({ dateSentAfter: dayAgo })).toEqual(['recent']);
    expect(await bodies({ dateSentBefore: dayAgo })).toEqual(['old']);
    expect(await bodies({ dateSentAfter: dayAgo, dateSentBefore: dayAgo })).toEqual([]);
    const sent = (await stand.client.messages(recent.sid).fetch()).dateSent;
    expect(await bodies({ dateSentAfter: sent, to: theirs, from: ours })).toEqual(['recent']);
    const today = new Date().toISOString().slice(0, 10);
    expect(await bodies({ dateSent: today })).toEqual(['old']);
  });

  test('finds by sent date what waited long before it was sent', async () => {
    await stand.control('PUT', '/settings', { sentAfterMs: 2 * 86_400_000 });
    const { sid } = await stand.send({ body: 'slow' });
    await stand.advance(3 * 86_400_000);
    await delivered(sid);
    const dateSentAfter = new Date(Date.now() + 86_400_000);
    expect((await stand.client.messages.list({ dateSentAfter })).map(({ body }) => body)).toEqual(['slow']);
  });

  test('a page without its token and a date that is none are refused', async () => {
    expect(await refusal(stand.client.messages.page({ pageNumber: 3 } as object))).toMatchObject({
      code: 20001,
    });
    expect(await refusal(stand.client.messages.list({ dateSent: 'soon' as unknown as Date }))).toMatchObject({
      code: 20001,
    });
  });
});

test('a message is redacted; nothing else may be written into it', async () => {
  const { sid } = await stand.send({ body: 'secret' });
  expect((await stand.client.messages(sid).update({ body: '' })).body).toBe('');
  expect((await stand.client.messages(sid).fetch()).body).toBe('');
  expect((await stand.ledger())[0]?.body).toBe('secret');
  expect(await refusal(stand.client.messages(sid).update({ body: 'other' }))).toMatchObject({
    status: 400,
    code: 30400,
  });
  expect(await refusal(stand.client.messages(sid).update({ body: '', status: 'canceled' }))).toMatchObject({
    code: 30400,
  });
  expect(await refusal(stand.client.messages(sid).update({ status: 'canceled' }))).toMatchObject({
    code: 30409,
  });
});

test('a complete message is deleted, one on its way is not', async () => {
  await stand.control('PUT', '/settings', { sentAfterMs: 60_000 });
  const { sid } = await stand.send();
  expect(await refusal(stand.client.messages(sid).remove())).toMatchObject({ code: 20009 });
  await stand.advance(61_000);
  expect(await stand.client.messages(sid).remove()).toBe(true);
  expect(await refusal(stand.client.messages(sid).fetch())).toMatchObject({ status: 404, code: 20404 });
  expect(await stand.client.messages.list()).toEqual([]);
  expect((await stand.ledger()).length).toBe(1);
});

test('feedback is taken', async () => {
  const { sid } = await stand.send();
  expect(await stand.client.messages(sid).feedback.create({ outcome: 'confirmed' })).toMatchObject({
    messageSid: sid,
    outcome: 'confirmed',
  });
});

test('accounts and numbers', async () => {
  expect(await stand.client.api.v2010.accounts(demoAccount.accountSid).fetch()).toMatchObject({
    sid: demoAccount.accountSid,
    status: 'active',
    type: 'Full',
  });
  const [number] = await stand.client.incomingPhoneNumbers.list({ phoneNumber: ours });
  expect(number).toMatchObject({ phoneNumber: ours, smsUrl: `${stand.hook.url}/in`, smsMethod: 'POST' });
  const resource = stand.client.incomingPhoneNumbers(number!.sid);
  const changed = await resource.update({
    smsUrl: 'https://x.test/b',
    smsMethod: 'GET',
    friendlyName: 'Desk',
  });
  expect(changed).toMatchObject({ smsUrl: 'https://x.test/b', smsMethod: 'GET', friendlyName: 'Desk' });
  expect(await stand.client.incomingPhoneNumbers.list({ pageSize: 1 })).toHaveLength(1);
  expect(await resource.remove()).toBe(true);
  expect(await stand.client.incomingPhoneNumbers.list()).toEqual([]);
  expect(await refusal(stand.send())).toMatchObject({ code: 21606 });
  expect((await stand.client.incomingPhoneNumbers.create({ areaCode: '500' })).phoneNumber).toMatch(
    /^\+1500\d{7}$/,
  );
});
