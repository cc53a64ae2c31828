import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ours, refusal, setUp, theirs, until } from './stand.ts';

let stand: Awaited<ReturnType<typeof setUp>>;
beforeAll(async () => {
  stand = await setUp();
});
beforeEach(async () => {
  await stand.clear();
  await stand.fast();
});
afterAll(() => stand.close());

const other = '+14155550101';
const arrived = async () =>
  (await stand.phone()).filter((shown) => shown.direction === 'in').map(({ body }) => body);
const answered = (count: number) =>
  until(async () => ((await arrived()).length === count ? arrived() : null));
async function pool(...numbers: string[]) {
  const { sid } = await stand.client.messaging.v1.services.create({
    friendlyName: 'Pool',
    inboundRequestUrl: `${stand.hook.url}/in`,
  });
  for (const number of numbers) {
    const { sid: phoneNumberSid } = await stand.own(number);
    await stand.client.messaging.v1.services(sid).phoneNumbers.create({ phoneNumberSid });
  }
  return sid;
}

test('STOP blocks the pair, START lifts it; Twilio answers both and the webhook still comes', async () => {
  await stand.own();
  await stand.own(other);
  await stand.text('Stop');
  expect((await answered(1))[0]).toMatch(/^You have successfully been unsubscribed\./);
  expect(await refusal(stand.send())).toMatchObject({
    status: 400,
    code: 21610,
    message: 'Attempt to send to unsubscribed recipient',
  });
  expect((await stand.send({ from: other })).status).toBe('queued');
  await answered(2);
  await stand.text('STOP');
  await stand.text('help');
  await stand.text('yes');
  expect((await answered(3))[2]).toMatch(/^You have successfully been re-subscribed/);
  expect((await stand.send()).status).toBe('queued');
  expect(stand.hook.hits.map((hit) => [hit.params.Body, hit.params.OptOutType])).toEqual([
    ['Stop', undefined],
    ['STOP', undefined],
    ['help', undefined],
    ['yes', undefined],
  ]);
  // Twilio's own answers are in its log, but they did not leave our house.
  expect(
    (await stand.client.messages.list({ to: theirs, from: ours })).map(({ direction }) => direction),
  ).toContain('outbound-reply');
  expect((await stand.ledger()).every((entry) => entry.direction === 'outbound-api')).toBe(true);
});

test('HELP is answered', async () => {
  await stand.own();
  await stand.text('INFO');
  expect(await answered(1)).toEqual(['Reply STOP to unsubscribe. Msg&Data Rates May Apply.']);
});

test('a sentence with stop in it is left to us', async () => {
  await stand.own();
  await stand.text('please stop');
  expect((await stand.send()).status).toBe('queued');
});

test('in a service STOP is for the whole pool, and comes back asynchronously', async () => {
  const messagingServiceSid = await pool(ours, other);
  await stand.text('STOP');
  await answered(1);
  const sent = await stand.client.messages.create({
    to: theirs,
    body: 'x',
    messagingServiceSid,
    statusCallback: `${stand.hook.url}/status`,
  });
  expect(sent.status).toBe('accepted');
  await until(() => stand.hook.statuses(sent.sid).join() === 'failed');
  expect(await stand.client.messages(sent.sid).fetch()).toMatchObject({ status: 'failed', errorCode: 21610 });
  expect(await refusal(stand.send({ from: other }))).toMatchObject({ code: 21610 });
});

test('with Advanced Opt-Out the webhook says what Twilio made of it', async () => {
  const sid = await pool(ours);
  await stand.control('PUT', `/services/${sid}`, { advancedOptOut: true });
  for (const body of ['STOP', 'UNSTOP', 'HELP', 'hello']) await stand.text(body);
  expect(stand.hook.hits.map((hit) => hit.params.OptOutType)).toEqual(['STOP', 'START', 'HELP', undefined]);
});

test('a TwiML reply to somebody who opted out fails', async () => {
  await stand.own();
  stand.hook.respond = (_hit, response) =>
    response
      .writeHead(200, { 'content-type': 'text/xml' })
      .end('<Response><Message>bye</Message></Response>');
  await stand.text('STOP');
  await until(async () => (await stand.ledger())[0]?.errorCode === 21610);
  expect(await answered(1)).toHaveLength(1);
});

test('the engine can be switched off, but not for toll-free numbers', async () => {
  await stand.control('PUT', '/settings', { keywordReplies: false });
  await stand.own();
  const tollFree = '+18885550100';
  await stand.own(tollFree);
  await stand.text('STOP');
  expect((await stand.send()).status).toBe('queued');
  await stand.text('STOP', { to: tollFree });
  expect(await refusal(stand.send({ from: tollFree }))).toMatchObject({ code: 21610 });
  await stand.text('YES', { to: tollFree });
  expect(await refusal(stand.send({ from: tollFree }))).toMatchObject({ code: 21610 });
  await stand.text('UNSTOP', { to: tollFree });
  expect((await stand.send({ from: tollFree })).status).toBe('queued');
});
