import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ours, refusal, setUp, theirs, until } from './stand.ts';

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

const told = (sid: string, ...statuses: string[]) =>
  until(() => stand.hook.statuses(sid).join() === statuses.join());

test('sent and delivered are told in order, signed, never the initial status', async () => {
  const statusCallback = `${stand.hook.url}/status?id=7%2F8#rc=2&rp=all`;
  const { sid, accountSid } = await stand.send({ statusCallback });
  await told(sid, 'sent', 'delivered');
  expect(stand.hook.hits.map((hit) => [hit.path, hit.signed])).toEqual(
    Array(2).fill(['/status?id=7%2F8', true]),
  );
  expect(stand.hook.hits[1]?.params).toEqual({
    MessageSid: sid,
    SmsSid: sid,
    MessageStatus: 'delivered',
    SmsStatus: 'delivered',
    AccountSid: accountSid,
    From: ours,
    To: theirs,
    ApiVersion: '2010-04-01',
    RawDlrDoneDate: expect.stringMatching(/^\d{10}$/),
  });
});

test('the network takes its time', async () => {
  await stand.control('PUT', '/settings', { sentAfterMs: 60_000, deliveredAfterMs: 60_000 });
  const { sid } = await stand.send({ statusCallback: `${stand.hook.url}/status` });
  const status = async () => (await stand.client.messages(sid).fetch()).status;
  expect(await status()).toBe('queued');
  await stand.advance(61_000);
  expect(await status()).toBe('sent');
  expect(await stand.phone()).toEqual([]);
  await stand.advance(61_000);
  expect(await status()).toBe('delivered');
  await told(sid, 'sent', 'delivered');
});

test('a failed callback is retried as its fragment says, with one token', async () => {
  stand.hook.respond = (_hit, response) => response.writeHead(stand.hook.hits.length < 3 ? 500 : 200).end();
  const { sid } = await stand.send({ statusCallback: `${stand.hook.url}/status#rc=2&rp=5xx` });
  await told(sid, 'sent', 'sent', 'sent', 'delivered');
  const tokens = stand.hook.hits.map((hit) => hit.headers['i-twilio-idempotency-token']);
  expect([new Set(tokens.slice(0, 3)).size, new Set(tokens).size]).toEqual([1, 2]);
});

test('without override a 500 is the end of that callback', async () => {
  stand.hook.respond = (_hit, response) => response.writeHead(500).end();
  const { sid } = await stand.send({ statusCallback: `${stand.hook.url}/status` });
  await told(sid, 'sent', 'delivered');
});

test.each([
  ['+15005550190', 'sent,delivered', null],
  ['+15005550191', 'sent,undelivered', 30003],
  ['+15005550192', 'sent,undelivered', 30005],
  ['+15005550193', 'failed', 30007],
  ['+15005550194', 'sent', null],
  ['+15005550195', 'sent,undelivered', 30006],
  ['+15005550196', 'sent,undelivered', 30008],
])('a message to %s goes %s', async (to, statuses, code) => {
  const { sid } = await stand.send({ to, statusCallback: `${stand.hook.url}/status` });
  await told(sid, ...statuses.split(','));
  expect(stand.hook.hits.at(-1)?.params.ErrorCode).toBe(code === null ? undefined : String(code));
  expect(await stand.client.messages(sid).fetch()).toMatchObject({
    status: statuses.split(',').at(-1),
    errorCode: code,
    errorMessage: code === null ? null : expect.any(String),
  });
  expect((await stand.ledger())[0]).toMatchObject({ errorCode: code });
  expect((await stand.phone(to)).length).toBe(
    /delivered$/.test(statuses) && code === null ? 1 : statuses === 'sent' ? 1 : 0,
  );
});

describe('through a Messaging Service', () => {
  const second = '+14155550101';
  async function service(more: object = {}) {
    const created = await stand.client.messaging.v1.services.create({ friendlyName: 'Pool', ...more });
    const numbers = await stand.client.incomingPhoneNumbers.list();
    for (const { sid } of numbers) {
      await stand.client.messaging.v1.services(created.sid).phoneNumbers.create({ phoneNumberSid: sid });
    }
    return created.sid;
  }
  const through = (messagingServiceSid: string, more: object = {}) =>
    stand.client.messages.create({ to: theirs, body: 'Hello', messagingServiceSid, ...more });

  test('it is accepted, queued, sent, delivered; the sender comes with queued', async () => {
    const messagingServiceSid = await service({ statusCallback: `${stand.hook.url}/status` });
    const sent = await through(messagingServiceSid);
    expect(sent).toMatchObject({ status: 'accepted', from: null, numSegments: '0', messagingServiceSid });
    await told(sent.sid, 'queued', 'sent', 'delivered');
    expect(stand.hook.hits[0]?.params).toMatchObject({
      From: ours,
      MessagingServiceSid: messagingServiceSid,
    });
    expect(await stand.client.messages(sent.sid).fetch()).toMatchObject({ from: ours, numSegments: '1' });
    expect((await stand.client.messages.list({ to: theirs, from: ours })).map(({ sid }) => sid)).toEqual([
      sent.sid,
    ]);
    expect((await stand.ledger())[0]).toMatchObject({ from: ours, status: 'delivered' });
  });

  test('the message’s own callback goes before the service’s', async () => {
    const sid = await service({ statusCallback: `${stand.hook.url}/service` });
    const sent = await through(sid, { statusCallback: `${stand.hook.url}/own` });
    await told(sent.sid, 'queued', 'sent', 'delivered');
    expect(new Set(stand.hook.hits.map((hit) => hit.path))).toEqual(new Set(['/own']));
  });

  test('senders take turns, and a recipient keeps theirs', async () => {
    await stand.own(second);
    const sid = await service();
    const sender = async (to: string) => {
      const sent = await through(sid, { to });
      return until(async () => (await stand.client.messages(sent.sid).fetch()).from);
    };
    const [a, b] = [await sender('+14155550151'), await sender('+14155550152')];
    expect(new Set([a, b])).toEqual(new Set([ours, second]));
    expect([await sender('+14155550152'), await sender('+14155550151')]).toEqual([b, a]);
    expect((await through(sid, { from: second })).from).toBe(second);
    expect(await refusal(through(sid, { from: '+14155550777' }))).toMatchObject({ code: 21606 });
  });

  test('an empty pool is refused', async () => {
    const { sid } = await stand.client.messaging.v1.services.create({ friendlyName: 'Empty' });
    expect(await refusal(through(sid))).toMatchObject({ status: 400, code: 21704 });
  });

  test('inbound goes to the service, unless it leaves that to the number', async () => {
    const sid = await service({
      inboundRequestUrl: `${stand.hook.url}/service`,
      fallbackUrl: `${stand.hook.url}/fallback`,
    });
    await stand.text('1');
    await stand.client.messaging.v1.services(sid).update({ useInboundWebhookOnNumber: true });
    await stand.text('2');
    await stand.client.messaging.v1
      .services(sid)
      .update({ useInboundWebhookOnNumber: false, inboundRequestUrl: '' });
    expect((await stand.text('3')).webhook).toBeNull();
    expect(stand.hook.hits.map((hit) => [hit.path, hit.params.Body, hit.params.MessagingServiceSid])).toEqual(
      [
        ['/service', '1', sid],
        ['/in', '2', sid],
      ],
    );
    expect((await stand.client.messages.list({ to: ours })).map(({ body }) => body)).toEqual(['2', '1']);
  });

  test('a message is scheduled, canceled, or sent when its time comes', async () => {
    const sid = await service({ statusCallback: `${stand.hook.url}/status` });
    const sendAt = new Date(Date.now() + 3_600_000);
    const scheduled = await through(sid, { scheduleType: 'fixed', sendAt });
    expect(scheduled).toMatchObject({ status: 'scheduled', from: null });
    expect((await stand.client.messages(scheduled.sid).update({ status: 'canceled' })).status).toBe(
      'canceled',
    );
    await told(scheduled.sid, 'canceled');
    expect(await refusal(stand.client.messages(scheduled.sid).update({ status: 'canceled' }))).toMatchObject({
      code: 30409,
    });

    const kept = await through(sid, { scheduleType: 'fixed', sendAt });
    await stand.advance(3_590_000);
    expect((await stand.client.messages(kept.sid).fetch()).status).toBe('scheduled');
    await stand.advance(11_000);
    await told(kept.sid, 'queued', 'sent', 'delivered');
    expect(stand.hook.statuses(scheduled.sid)).toEqual(['canceled']);
  });

  test.each([
    [{ scheduleType: 'fixed' }, 35111],
    [{ scheduleType: 'fixed', sendAt: new Date(Date.now() + 60_000) }, 35117],
    [{ scheduleType: 'fixed', sendAt: new Date(Date.now() + 36 * 86_400_000) }, 35117],
  ])('a schedule %j is refused', async (form, code) => {
    expect(await refusal(through(await service(), form))).toMatchObject({ status: 400, code });
  });

  test('services are read, changed and removed', async () => {
    const sid = await service();
    const { services } = stand.client.messaging.v1;
    expect((await services.list()).map((one) => one.sid)).toEqual([sid]);
    expect(await services(sid).fetch()).toMatchObject({
      friendlyName: 'Pool',
      stickySender: true,
      validityPeriod: 36_000,
    });
    const [number] = await services(sid).phoneNumbers.list();
    expect(number).toMatchObject({ phoneNumber: ours, countryCode: 'US' });
    expect(await refusal(services(sid).phoneNumbers.create({ phoneNumberSid: number!.sid }))).toMatchObject({
      status: 409,
      code: 21710,
    });
    const other = await services.create({ friendlyName: 'Other' });
    expect(
      await refusal(services(other.sid).phoneNumbers.create({ phoneNumberSid: number!.sid })),
    ).toMatchObject({ code: 21712 });
    expect(await services(sid).phoneNumbers(number!.sid).remove()).toBe(true);
    expect(await services(sid).remove()).toBe(true);
    expect(await refusal(services(sid).fetch())).toMatchObject({ status: 404, code: 20404 });
  });
});

describe('pace', () => {
  test('a sender sends its segments one after the other', async () => {
    await stand.control('PUT', '/settings', { segmentsPerSecond: 0.1 });
    const statuses = async () =>
      (await stand.client.messages.list({ to: theirs })).map(({ status }) => status).reverse();
    await stand.own('+14155550101');
    await stand.send({ body: 'a'.repeat(300) });
    await stand.send();
    await stand.send({ from: '+14155550101' });
    await until(async () => (await statuses()).join() === 'delivered,queued,delivered');
    await stand.advance(9000);
    expect(await statuses()).toEqual(['delivered', 'queued', 'delivered']);
    await stand.advance(12_000);
    await until(async () => (await statuses()).join() === 'delivered,delivered,delivered');
  });

  test('a message is "sending" while it leaves after its wait', async () => {
    await stand.control('PUT', '/settings', { segmentsPerSecond: 1, sentAfterMs: 60_000 });
    await stand.send();
    const { sid } = await stand.send();
    await stand.advance(2000);
    expect((await stand.client.messages(sid).fetch()).status).toBe('sending');
  });

  test('what waits longer than its validity fails with 30036', async () => {
    await stand.control('PUT', '/settings', { segmentsPerSecond: 0.1 });
    await stand.send();
    const { sid } = await stand.send({ validityPeriod: 5, statusCallback: `${stand.hook.url}/status` });
    await stand.advance(6000);
    await told(sid, 'failed');
    expect(stand.hook.hits[0]?.params.ErrorCode).toBe('30036');
  });

  test('a full queue is 21611 with a sender, 30001 with a service', async () => {
    await stand.control('PUT', '/settings', { segmentsPerSecond: 0.01, queueLimitSegments: 3 });
    const { sid: serviceSid } = await stand.client.messaging.v1.services.create({ friendlyName: 'Pool' });
    const [number] = await stand.client.incomingPhoneNumbers.list();
    await stand.client.messaging.v1.services(serviceSid).phoneNumbers.create({ phoneNumberSid: number!.sid });
    await stand.send({ body: 'a'.repeat(400) });
    expect(await refusal(stand.send())).toMatchObject({
      status: 429,
      code: 21611,
      message: 'SMS queue is full.',
    });
    const { sid } = await stand.client.messages.create({
      to: theirs,
      body: 'x',
      messagingServiceSid: serviceSid,
    });
    await until(async () => (await stand.client.messages(sid).fetch()).errorCode === 30001);
    await stand.advance(110_000);
    expect((await stand.send()).status).toBe('queued');
  });

  test('too many requests at once are 20429', async () => {
    await stand.control('PUT', '/settings', { concurrentRequests: 2 });
    await stand.fault({ effect: { kind: 'latency', ms: 800 }, times: 2 });
    const results = await Promise.allSettled([stand.send(), stand.send(), stand.send(), stand.send()]);
    const refused = results.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refused.length).toBe(2);
    expect(refused[0]).toMatchObject({ status: 429, code: 20429 });
    expect((await stand.ledger()).length).toBe(2);
  });
});
