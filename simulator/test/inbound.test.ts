import { demoAccount } from '@trunkline/contract/simulator';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ours, setUp, theirs, twiml, until } from './stand.ts';

let stand: Awaited<ReturnType<typeof setUp>>;
beforeAll(async () => {
  stand = await setUp();
});
beforeEach(async () => {
  await stand.clear();
  await stand.fast();
});
afterAll(() => stand.close());

const codes = async (kind = 'inbound') =>
  (await stand.attempts(`?kind=${kind}`)).map((attempt) => attempt.errorCode);
const fails = (status: number) => {
  stand.hook.respond = (_hit, response) => response.writeHead(status).end();
};

test('a text comes in with all of Twilio’s parameters, signed', async () => {
  await stand.own(ours, `${stand.hook.url}/in?tenant=a%2Fb&x=1`);
  const texted = await stand.text('Hello 👍 & = + ünïcode');
  expect(texted.webhook).toEqual({ status: 204, attempts: 1 });
  const [hit] = stand.hook.hits;
  expect(hit).toMatchObject({ path: '/in?tenant=a%2Fb&x=1', method: 'POST', signed: true });
  expect(hit?.params).toEqual({
    MessageSid: texted.sid,
    SmsSid: texted.sid,
    SmsMessageSid: texted.sid,
    AccountSid: demoAccount.accountSid,
    From: theirs,
    To: ours,
    Body: 'Hello 👍 & = + ünïcode',
    NumMedia: '0',
    NumSegments: '1',
    SmsStatus: 'received',
    ApiVersion: '2010-04-01',
    FromCity: 'SAN FRANCISCO',
    FromState: 'CA',
    FromZip: '94103',
    FromCountry: 'US',
    ToCity: 'SAN FRANCISCO',
    ToState: 'CA',
    ToZip: '94103',
    ToCountry: 'US',
  });
  expect(hit?.headers).toMatchObject({
    'user-agent': 'TwilioProxy/1.1',
    accept: '*/*',
    'accept-encoding': 'gzip',
    'content-type': expect.stringMatching(/^application\/x-www-form-urlencoded/),
    'i-twilio-idempotency-token': expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(await stand.client.messages(texted.sid).fetch()).toMatchObject({
    direction: 'inbound',
    status: 'received',
  });
});

test('by GET the parameters are in the signed URL', async () => {
  await stand.own(ours, `${stand.hook.url}/in?x=1`, { smsMethod: 'GET' });
  await stand.text('Hello');
  const [hit] = stand.hook.hits;
  expect(hit).toMatchObject({ method: 'GET', signed: true, params: {} });
  expect(new URLSearchParams(hit?.path.split('?')[1]).get('Body')).toBe('Hello');
});

test('credentials in the URL are sent as Basic and stay in what is signed', async () => {
  await stand.own(ours, `${stand.hook.url.replace('//', '//user:pass@')}/in`);
  const called = stand.hook.url;
  stand.hook.url = called.replace('//', '//user:pass@');
  await stand.text('Hello');
  stand.hook.url = called;
  expect(stand.hook.hits[0]).toMatchObject({
    signed: true,
    headers: { authorization: `Basic ${btoa('user:pass')}` },
  });
});

test('after a promotion webhooks are signed with the new token, not before', async () => {
  await stand.own();
  const account = `/accounts/${demoAccount.accountSid}`;
  await stand.control('PUT', account, { secondaryAuthToken: 'fresh' });
  await stand.text('1');
  await stand.control('POST', `${account}/promote`);
  await stand.text('2');
  stand.hook.authToken = 'fresh';
  await stand.text('3');
  expect(stand.hook.hits.map((hit) => hit.signed)).toEqual([true, false, true]);
  await expect(stand.control('POST', `${account}/promote`)).rejects.toThrow('409');
});

describe('what is tried again', () => {
  test.each([
    ['', 500, 1],
    ['#rc=3', 500, 1],
    ['#rc=3&rp=5xx', 500, 4],
    ['#rc=3&rp=4xx', 500, 1],
    ['#rc=2&rp=4xx,5xx', 404, 3],
    ['#rp=all', 503, 2],
    ['#rc=0&rp=all', 503, 1],
    ['#rc=5&rp=all', 200, 1],
  ])('%s after %i: %i attempts', async (fragment, status, attempts) => {
    fails(status);
    await stand.own(ours, `${stand.hook.url}/in${fragment}`);
    expect((await stand.text('x')).webhook).toEqual({ status, attempts });
    expect(stand.hook.hits.length).toBe(attempts);
    expect(stand.hook.hits.every((hit) => hit.signed && hit.path === '/in')).toBe(true);
    expect(new Set(stand.hook.hits.map((hit) => hit.headers['i-twilio-idempotency-token'])).size).toBe(1);
    expect(await codes()).toEqual(Array(attempts).fill(status === 200 ? null : 11200));
  });

  test('a refused connection, once by default', async () => {
    await stand.own(ours, 'http://127.0.0.1:9/in');
    expect((await stand.text('x')).webhook).toEqual({ status: null, attempts: 2 });
    expect(await codes()).toEqual([11202, 11202]);
  });

  test('a slow answer, when rp says so, until rt and tt', async () => {
    stand.hook.respond = () => undefined;
    await stand.own(ours, `${stand.hook.url}/in#rt=100&rp=rt&rc=1`);
    expect((await stand.text('x')).webhook).toEqual({ status: null, attempts: 2 });
    await stand.clear();
    stand.hook.respond = () => undefined;
    await stand.own(ours, `${stand.hook.url}/in#rt=100&tt=100&rp=rt&rc=5`);
    expect((await stand.text('x')).webhook).toEqual({ status: null, attempts: 1 });
    expect(await codes()).toEqual([11203]);
  });

  test('a host without name', async () => {
    await stand.own(ours, 'http://no.such.host.invalid/in#rc=0');
    await stand.text('x');
    expect(await codes()).toEqual([11210]);
  });

  test('a bad policy is on record, and the default applies', async () => {
    await stand.own(ours, `${stand.hook.url}/in#rp=never`);
    await stand.text('x');
    expect(await codes()).toEqual([11243]);
  });
});

describe('the fallback', () => {
  test('is told why and where, signed', async () => {
    stand.hook.respond = (hit, response) => response.writeHead(hit.path === '/in' ? 500 : 204).end();
    const smsUrl = `${stand.hook.url}/in#rc=1&rp=5xx`;
    await stand.own(ours, smsUrl, { smsFallbackUrl: `${stand.hook.url}/fallback` });
    expect((await stand.text('x')).webhook).toEqual({ status: 204, attempts: 3 });
    expect(stand.hook.hits.map((hit) => hit.path)).toEqual(['/in', '/in', '/fallback']);
    expect(stand.hook.hits[2]).toMatchObject({
      signed: true,
      params: { Body: 'x', ErrorCode: '11200', ErrorUrl: smsUrl },
    });
    expect(await codes('fallback')).toEqual([null]);
  });

  test('answers in place of bad TwiML', async () => {
    stand.hook.respond = (hit, response) =>
      twiml(hit.path === '/in' ? '<Response>' : '<Response><Message>sorry</Message></Response>')(
        hit,
        response,
      );
    await stand.own(ours, `${stand.hook.url}/in`, { smsFallbackUrl: `${stand.hook.url}/fallback` });
    await stand.text('x');
    expect(stand.hook.hits[1]?.params.ErrorCode).toBe('12100');
    await until(async () => (await stand.phone()).some((shown) => shown.body === 'sorry'));
  });
});

describe('the answer', () => {
  const reply = async (xml: string, contentType?: string) => {
    await stand.own();
    stand.hook.respond = twiml(xml, contentType);
    await stand.text('x');
  };

  test('is sent as outbound-reply and is on the ledger', async () => {
    await reply('<Response><Message>one</Message><Message to="+14155550143">two</Message></Response>');
    await until(async () => (await stand.phone('+14155550143')).length);
    const replies = await stand.client.messages.list({ from: ours });
    expect(replies.map(({ body, direction, to }) => [body, direction, to])).toEqual([
      ['two', 'outbound-reply', '+14155550143'],
      ['one', 'outbound-reply', theirs],
    ]);
    expect((await stand.ledger()).map((entry) => entry.direction)).toEqual([
      'outbound-reply',
      'outbound-reply',
    ]);
  });

  test('tells its action how it went', async () => {
    await reply('<Response><Message action="/done">x</Message></Response>');
    await until(() =>
      stand.hook.hits.find(
        (hit) => hit.path === '/done' && hit.params.MessageStatus === 'delivered' && hit.signed,
      ),
    );
  });

  test.each([
    ['<Response>', 'text/xml', 12100],
    ['<Answer/>', 'text/xml', 12102],
    ['{}', 'application/json', 12300],
  ])('%s as %s is %i', async (body, contentType, code) => {
    await reply(body, contentType);
    expect(await codes()).toEqual([code]);
    expect(await stand.ledger()).toEqual([]);
  });

  test.each([
    ['<Response><message>x</message></Response>', 12200],
    ['<Response><Message to="nobody">x</Message></Response>', 14101],
    ['<Response><Message from="+14155550777">x</Message></Response>', 14102],
    [`<Response><Message>${'a'.repeat(1601)}</Message></Response>`, 14103],
    ['<Response><Message action="http://a_b.test/">x</Message></Response>', 14105],
    [`<Response>${'<Message>x</Message>'.repeat(11)}</Response>`, 14109],
  ])('%.60s is noted as %i', async (xml, code) => {
    await reply(xml);
    expect(await codes()).toEqual([null, code]);
  });

  test('in text/plain is a reply: never answer OK', async () => {
    await reply('OK', 'text/plain');
    await until(async () => (await stand.phone()).some((shown) => shown.body === 'OK'));
  });

  test('may redirect by TwiML and by HTTP', async () => {
    await stand.own();
    stand.hook.respond = (hit, response) => {
      if (hit.path === '/in')
        return twiml('<Response><Redirect>/next?a=1</Redirect></Response>')(hit, response);
      if (hit.path === '/next?a=1') return response.writeHead(302, { location: '/moved' }).end();
      return twiml('<Response><Message>there</Message></Response>')(hit, response);
    };
    await stand.text('x');
    expect(
      stand.hook.hits.map(({ path, method, params, signed }) => [path, method, params.Body, signed]),
    ).toEqual([
      ['/in', 'POST', 'x', true],
      ['/next?a=1', 'POST', 'x', true],
      ['/moved', 'GET', undefined, true],
    ]);
    await until(async () => (await stand.phone()).some((shown) => shown.body === 'there'));
  });

  test.each([
    ['/in', 11215],
    ['http://', 11216],
  ])('redirecting to %s is %i', async (location, code) => {
    await stand.own();
    stand.hook.respond = (_hit, response) => response.writeHead(302, { location }).end();
    await stand.text('x');
    expect(await codes()).toEqual([code]);
  });
});

test('a run of replies is stopped', async () => {
  await stand.own();
  stand.hook.respond = twiml(`<Response>${'<Message>x</Message>'.repeat(10)}</Response>`);
  for (let i = 0; i < 4; i++) await stand.text('x');
  expect((await stand.ledger()).length).toBe(30);
  expect((await codes()).at(-1)).toBe(14107);
});

test('a number without URL still logs the message; one nobody owns does not', async () => {
  await stand.own(ours, '');
  expect((await stand.text('x')).webhook).toBeNull();
  expect((await stand.text('x', { to: '+14155550777' })).webhook).toBeNull();
  expect(await stand.client.messages.list()).toHaveLength(1);
  expect((await stand.phone()).map((shown) => shown.peer)).toEqual([ours, '+14155550777']);
});

test('a message to a number that is owned comes in there', async () => {
  await stand.own();
  await stand.own('+14155550101', `${stand.hook.url}/other`);
  await stand.send({ to: '+14155550101', body: 'between us' });
  const hit = await until(() => stand.hook.hits.find((one) => one.path === '/other'));
  expect(hit.params).toMatchObject({ From: ours, To: '+14155550101', Body: 'between us' });
});
