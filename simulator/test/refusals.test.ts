import { demoAccount } from '@trunkline/contract/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientFor, ours, refusal, setUp, theirs } from './stand.ts';

let stand: Awaited<ReturnType<typeof setUp>>;
beforeAll(async () => {
  stand = await setUp();
  await stand.own();
});
afterAll(() => stand.close());

const magic = '+15005550006';
const far = (ms: number) => new Date(Date.now() + ms);
const service = `MG${'0'.repeat(32)}`;

// The bodies of the reference sheet, section 5, then what the sheet says in words.
const table: [name: string, form: object, status: number, code: number, message: string | RegExp][] = [
  ['empty body, no media', { body: '' }, 400, 21602, 'Message body is required.'],
  [
    'From not owned',
    { from: '+15005550999' },
    400,
    21606,
    'The From phone number +15005550999 is not a valid, SMS-capable inbound phone number or short code for your account.',
  ],
  [
    'magic From 0001',
    { from: '+15005550001' },
    400,
    21212,
    "The 'From' number +15005550001 is not a valid phone number, shortcode, or alphanumeric sender ID.",
  ],
  [
    'magic From 0007',
    { from: '+15005550007' },
    400,
    21606,
    'The From phone number +15005550007 is not a valid, SMS-capable inbound phone number or short code for your account.',
  ],
  ['magic From 0008', { from: '+15005550008' }, 429, 21611, 'SMS queue is full.'],
  ['magic From 0000', { from: '+15005550000' }, 400, 21606, /^The From phone number \+15005550000/],
  [
    'magic To 0001',
    { to: '+15005550001' },
    400,
    21211,
    "The 'To' number +15005550001 is not a valid phone number.",
  ],
  [
    'magic To 0002 by MMS',
    { to: '+15005550002', from: magic, mediaUrl: ['https://x.test/a.png'] },
    400,
    21612,
    "The 'To' phone number: +15005550002, is not currently reachable using the 'From' phone number: +15005550006 via MMS.",
  ],
  [
    'magic To 0002 by SMS',
    { to: '+15005550002', from: magic },
    400,
    21612,
    "The 'To' phone number: +15005550002, is not currently reachable using the 'From' phone number: +15005550006 via SMS.",
  ],
  [
    'magic To 0003',
    { to: '+15005550003' },
    400,
    21408,
    "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: +15005550003",
  ],
  ['magic To 0004', { to: '+15005550004' }, 400, 21610, 'Attempt to send to unsubscribed recipient'],
  ['magic To 0009', { to: '+15005550009' }, 400, 21614, 'To number: +15005550009, is not a mobile number'],
  ['To 123', { to: '123' }, 400, 21211, "The 'To' number 123 is not a valid phone number."],
  ['To with a colon blames From', { to: `tel:${theirs}` }, 400, 21212, /^The 'From' number/],
  ['a channel', { to: `whatsapp:${theirs}`, from: `whatsapp:${ours}` }, 400, 63007, /Channel/],
  ['To equals From', { to: ours }, 400, 21266, /cannot be the same/],
  ['From is nonsense', { from: '#!?' }, 400, 21212, /#!\?/],
  ['alphanumeric From to +1', { from: 'Trunkline' }, 400, 21612, /\+14155550142.*Trunkline via SMS/],
  ['1601 characters', { body: 'a'.repeat(1601) }, 400, 21617, /1600 character limit/],
  ['eleven pictures', { mediaUrl: Array(11).fill('https://x.test/a.png') }, 400, 21623, /media files/],
  ['a picture without address', { mediaUrl: ['a.png'] }, 400, 21620, 'Invalid media URL(s)'],
  ['a callback without host', { statusCallback: 'nowhere' }, 400, 21609, /StatusCallback/],
  [
    'a callback with an underscore',
    { statusCallback: 'https://my_host.test/s' },
    400,
    21609,
    /StatusCallback/,
  ],
  ['validity 0', { validityPeriod: 0 }, 400, 21624, /ValidityPeriod/],
  ['validity above ten hours', { validityPeriod: 36_001 }, 400, 21624, /ValidityPeriod/],
  ['a service that is none', { messagingServiceSid: 'MG1' }, 400, 21705, /invalid/],
  ['an unknown service', { from: undefined, messagingServiceSid: service }, 400, 21701, /does not exist/],
  [
    'scheduled without a service',
    { scheduleType: 'fixed', sendAt: far(600_000) },
    400,
    35118,
    /MessagingServiceSid/,
  ],
  ['a schedule of another type', { scheduleType: 'later', sendAt: far(600_000) }, 400, 35126, /ScheduleType/],
];

test.each(table)('%s', async (_name, form, status, code, message) => {
  const refused = await refusal(stand.send(form as never));
  expect(refused).toEqual({
    status,
    code,
    message: typeof message === 'string' ? message : expect.stringMatching(message),
    moreInfo: `https://www.twilio.com/docs/errors/${code}`,
  });
});

test('a refused message leaves no trace', async () => {
  expect(await stand.ledger()).toEqual([]);
  expect(await stand.client.messages.list()).toEqual([]);
});

test('the magic sender may be used by everybody', async () => {
  expect((await stand.send({ from: magic })).status).toBe('queued');
});

describe('who asks', () => {
  const url = () => `${stand.url}/2010-04-01/Accounts/${demoAccount.accountSid}/Messages.json`;

  test('a wrong token is 401 with a detail', async () => {
    const response = await fetch(url(), {
      headers: { authorization: `Basic ${btoa(`${demoAccount.accountSid}:x`)}` },
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({
      code: 20003,
      message: 'Authenticate',
      more_info: 'https://www.twilio.com/docs/errors/20003',
      status: 401,
      detail: 'Your AccountSid or AuthToken was incorrect.',
    });
  });

  test('so is none at all', async () => expect((await fetch(url())).status).toBe(401));

  test("another account's path is not found", async () => {
    const other = `AC${'0'.repeat(32)}`;
    const client = clientFor(stand.url, demoAccount.accountSid, demoAccount.authToken, other);
    expect(await refusal(client.messages.create({ to: theirs, from: ours, body: 'x' }))).toMatchObject({
      status: 404,
      code: 20404,
      message: `The requested resource /2010-04-01/Accounts/${other}/Messages.json was not found`,
    });
  });

  test('a trial account texts verified numbers only, and says that it is one', async () => {
    const trial = await stand.control<{ accountSid: string; authToken: string }>('POST', '/accounts', {
      trial: true,
      verifiedNumbers: [theirs],
    });
    const client = clientFor(stand.url, trial.accountSid, trial.authToken, trial.accountSid);
    const sent = await client.messages.create({ to: theirs, from: magic, body: 'x' });
    expect(sent.body).toBe('Sent from your Twilio trial account - x');
    expect(
      await refusal(client.messages.create({ to: '+14155550143', from: magic, body: 'x' })),
    ).toMatchObject({
      status: 400,
      code: 21608,
      message: expect.stringMatching(/^The number \+14155550143 is unverified\. Trial accounts cannot send/),
    });
    // What one account owns, the other does not.
    expect(await refusal(client.messages.create({ to: theirs, from: ours, body: 'x' }))).toMatchObject({
      code: 21606,
    });
    expect(await client.messages.list()).toHaveLength(1);
  });
});

test.each([
  [{ phoneNumber: '+15005550000' }, 21422],
  [{ phoneNumber: '+15005550001' }, 21421],
  [{ phoneNumber: ours }, 21422],
  [{ phoneNumber: 'none' }, 21421],
  [{ areaCode: '533' }, 21452],
])('buying %j is refused', async (form, code) => {
  expect(await refusal(stand.client.incomingPhoneNumbers.create(form))).toMatchObject({ status: 400, code });
});

test('the magic number can be bought', async () => {
  expect((await stand.client.incomingPhoneNumbers.create({ phoneNumber: magic })).phoneNumber).toBe(magic);
});

test.each([
  ['GET', '/2010-04-01/Accounts/nobody.json', 404],
  ['GET', `/2010-04-01/Accounts/${demoAccount.accountSid}/Calls.json`, 404],
  ['GET', `/2010-04-01/Accounts/${demoAccount.accountSid}/Messages/SM0.json`, 404],
  ['PUT', `/2010-04-01/Accounts/${demoAccount.accountSid}/Messages.json`, 405],
  ['GET', '/v1/Services/MG0', 404],
  ['GET', '/v1/Deactivations', 404],
])('%s %s is %i', async (method, path, status) => {
  const authorization = `Basic ${btoa(`${demoAccount.accountSid}:${demoAccount.authToken}`)}`;
  expect((await fetch(stand.url + path, { method, headers: { authorization } })).status).toBe(status);
});
