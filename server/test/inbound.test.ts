import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../src/base/ids.ts';
import {
  type Answer,
  accountSid,
  incomingForm,
  type Json,
  nextPhone,
  nextSid,
  realSettings,
  signature,
  startProvider,
  startServer,
  type TestProvider,
  type TestServer,
} from './build.ts';

const own = '+14155550100';
const [inUse, toCome] = ['the-token-in-use', 'the-token-to-come'];
const publicUrl = 'https://sms.example.test';
const path = '/webhooks/twilio/sms';
const statusPath = '/webhooks/twilio/status';
const twiml = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>';
/** In every text, so that the log can be searched for it. */
const marker = 'zanzibar';

let provider: TestProvider;
let server: TestServer;
let settings: Record<string, string>;

beforeAll(async () => {
  provider = await startProvider();
  settings = { ...realSettings(provider), TWILIO_PHONE_NUMBER: own, ROLES: 'web' };
  server = await startServer(settings);
  const { data: numbers } = (await server.get('/v1/numbers')).body;
  const { data: assistants } = (await server.get('/v1/assistants')).body;
  const answered = await server.call('PATCH', `/v1/numbers/${numbers[0].id}`, {
    body: { responder: { kind: 'assistant', assistantId: assistants[0].id } },
  });
  expect(answered.status).toBe(200);
});
afterAll(async () => {
  await server.stop();
  await provider.close();
});

const text = (given: { from?: string; to?: string; body?: string; sid?: string } = {}, more = {}) =>
  incomingForm({ from: nextPhone(), to: own, body: `Hello from ${marker}`, ...given }, more);

/** Posts a webhook signed as Twilio would, for the public address. */
const signed = (
  params: Record<string, string>,
  {
    target = path,
    token = inUse,
    url = publicUrl + target,
  }: { target?: string; token?: string; url?: string } = {},
): Promise<Answer> => server.form(target, params, { 'x-twilio-signature': signature(token, url, params) });

const counts = async () =>
  (
    await server.db.query<{
      messages: number;
      events: number;
      turns: number;
      quarantine: number;
      contacts: number;
    }>(
      `select (select count(*)::int from messages) as messages, (select count(*)::int from events) as events,
         (select count(*)::int from turns) as turns, (select count(*)::int from quarantine) as quarantine,
         (select count(*)::int from contacts) as contacts`,
    )
  )[0]!;
const bySid = (sid: string) =>
  server.db.query<{ id: string; body: string; organization_id: string }>(
    'select id, body, organization_id from messages where provider_sid = $1',
    [sid],
  );
const kept = async (sid: string): Promise<Json[]> =>
  server.db.query('select id, reason, detail, replayed_at from quarantine where raw_body like $1', [
    `%${sid}%`,
  ]);
const replay = async (id: string, to = server) => (await to.post(`/v1/quarantine/${id}/replay`, {})).body;

const expectTaken = (answer: Answer) => {
  expect(answer).toMatchObject({ status: 200, type: 'text/xml', text: twiml });
};
const expectProblem = (answer: Answer, status: number, code: string) => {
  expect(answer).toMatchObject({ status, type: 'application/problem+json' });
  expect(answer.body).toMatchObject({ status, code, title: expect.any(String) });
  expect(answer.body.detail).toMatch(/^[A-Z].*\.$/s);
};

describe('a text that is signed', () => {
  test.each([
    ['the token in use', inUse],
    ['the token to come, the second of the list', toCome],
  ])('by %s is taken, behind a proxy under the public address', async (_, token) => {
    const form = text();
    expectTaken(await signed(form, { token }));
    const [message] = await bySid(form.MessageSid!);
    const { body } = await server.get(`/v1/messages/${message!.id}`);
    expect(body).toMatchObject({
      direction: 'inbound',
      status: 'received',
      from: form.From,
      to: own,
      body: form.Body,
      providerSid: form.MessageSid,
    });
    expect(body.steps.map((step: Json) => step.type)).toEqual([
      'message.received',
      'message.verified',
      'message.screened',
      'message.routed',
    ]);
  });

  test('answers exactly text/xml with an empty TwiML', async () => {
    const answer = await signed(text());
    expect(answer.headers.get('content-type')).toBe('text/xml');
    expect(answer.text).toBe(twiml);
  });

  test('with odd parameters, empty ones, repeated bytes and emoji', async () => {
    const form = text(
      { body: `Olá 👋 ${marker} a+b=c&d %41 \r\n` },
      { ToCity: '', 'a[b]': 'c', Zürich: 'ü' },
    );
    expectTaken(await signed(form));
    expect((await bySid(form.MessageSid!))[0]!.body).toBe(form.Body);
  });

  test('with a query in its address, which is signed with it', async () => {
    const form = text();
    expectTaken(await signed(form, { target: `${path}?tenant=a%2Fb&x=1` }));
  });

  test('pictures without a word', async () => {
    const form = text(
      { body: '' },
      { NumMedia: '1', MediaUrl0: 'https://a.test/1', MediaContentType0: 'image/png' },
    );
    expectTaken(await signed(form));
    const [message] = await bySid(form.MessageSid!);
    expect((await server.get(`/v1/messages/${message!.id}`)).body.mediaUrls).toEqual(['https://a.test/1']);
  });
});

describe('a signature that is not right', () => {
  const cases: [string, string, (form: Record<string, string>) => Promise<Answer>][] = [
    ['is missing', 'missing_signature', (form) => server.form(path, form)],
    ['is none', 'missing_signature', (form) => server.form(path, form, { 'x-twilio-signature': 'abc' })],
    ['was made with another token', 'wrong_token', (form) => signed(form, { token: 'somebody-elses' })],
    [
      'was made for another text',
      'wrong_token',
      (form) =>
        server.form(path, form, {
          'x-twilio-signature': signature(inUse, publicUrl + path, { ...form, Body: 'Hi' }),
        }),
    ],
    [
      'was made with an empty parameter that got lost',
      'altered_parameters',
      (form) =>
        server.form(path, form, {
          'x-twilio-signature': signature(inUse, publicUrl + path, { ...form, FromCity: '' }),
        }),
    ],
    ['was made for http', 'wrong_url', (form) => signed(form, { url: `http://sms.example.test${path}` })],
    ['was made for a slash at the end', 'wrong_url', (form) => signed(form, { url: `${publicUrl}${path}/` })],
    ['was made for this very port', 'wrong_url', (form) => signed(form, { url: server.origin + path })],
  ];
  test.each(cases)('because it %s: 403, kept as %s', async (_, reason, post) => {
    const form = text();
    const before = await counts();
    expectProblem(await post(form), 403, 'invalid_signature');
    expect(await counts()).toEqual({ ...before, quarantine: before.quarantine + 1 });
    const rows = await kept(form.MessageSid!);
    expect(rows).toMatchObject([{ reason, replayed_at: null }]);
    expect(rows[0].detail).toMatch(/^[A-Z].*\.$/s);
    const listed = (await server.get('/v1/quarantine')).body.data.find((one: Json) => one.id === rows[0].id);
    expect(listed).toMatchObject({ kind: 'inbound', reason, from: form.From, to: own, replayedAt: null });
  });

  test('the same request again is kept once', async () => {
    const form = text();
    for (let i = 0; i < 3; i++) await server.form(path, form);
    expect(await kept(form.MessageSid!)).toHaveLength(1);
  });

  test('replayed without a change it is still wrong', async () => {
    const form = text();
    await signed(form, { token: 'somebody-elses' });
    const [row] = await kept(form.MessageSid!);
    const result = await replay(row.id);
    expect(result).toMatchObject({ ok: false, detail: expect.stringMatching(/still wrong/) });
    expect((await kept(form.MessageSid!))[0].replayed_at).toBeNull();
    expect(await bySid(form.MessageSid!)).toEqual([]);
  });

  test.each<[string, Record<string, string>, string]>([
    ['the wrong address', { PUBLIC_URL: 'https://old.example.test' }, 'wrong_url'],
    ['the wrong token', { TWILIO_AUTH_TOKEN: 'an-old-token' }, 'wrong_token'],
  ])(
    'what a server with %s refused is taken by replay after the setting is mended',
    async (_, wrong, reason) => {
      const form = text();
      const misled = await startServer({ ...settings, ...wrong }, { database: server.databaseUrl });
      try {
        const answer = await asProxied(misled, form);
        expectProblem(answer, 403, 'invalid_signature');
      } finally {
        await misled.stop();
      }
      const [row] = await kept(form.MessageSid!);
      expect(row.reason).toBe(reason);
      expect(await replay(row.id)).toMatchObject({ ok: true });
      const [message] = await bySid(form.MessageSid!);
      expect(message!.body).toBe(form.Body);
      const { steps } = (await server.get(`/v1/messages/${message!.id}`)).body;
      expect(steps[1].summary).toMatch(/Replayed from quarantine/);
      expect((await kept(form.MessageSid!))[0].replayed_at).not.toBeNull();

      // Once taken, neither another replay nor Twilio's own retry takes it twice.
      expect(await replay(row.id)).toMatchObject({ ok: true, detail: expect.stringMatching(/already/) });
      expectTaken(await signed(form));
      expect(await bySid(form.MessageSid!)).toHaveLength(1);
    },
  );

  /** As a proxy that ends TLS passes it on: the Host kept, the scheme lost. */
  const asProxied = (to: TestServer, form: Record<string, string>): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const body = new URLSearchParams(form).toString();
      const headers = {
        host: 'sms.example.test',
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': Buffer.byteLength(body),
        'x-twilio-signature': signature(inUse, publicUrl + path, form),
      };
      const asked = request(to.origin + path, { method: 'POST', headers }, async (response) => {
        let all = '';
        for await (const chunk of response.setEncoding('utf8')) all += chunk;
        resolve({
          status: response.statusCode!,
          type: response.headers['content-type'] ?? null,
          headers: new Headers(),
          text: all,
          body: JSON.parse(all),
        });
      });
      asked.on('error', reject);
      asked.end(body);
    });
});

describe('what is no webhook', () => {
  test.each<[string, string, Record<string, string>, number, string]>([
    ['JSON', '{"MessageSid":"SM1"}', { 'content-type': 'application/json' }, 415, 'unsupported_media_type'],
    [
      'a form with files',
      'x',
      { 'content-type': 'multipart/form-data; boundary=x' },
      415,
      'unsupported_media_type',
    ],
    ['64 kB of rubbish', 'x'.repeat(64 * 1024), {}, 403, 'invalid_signature'],
    ['more than 64 kB', 'x'.repeat(64 * 1024 + 1), {}, 413, 'too_large'],
    ['a megabyte', 'x'.repeat(1024 * 1024), {}, 413, 'too_large'],
    ['10,000 parameters', 'a=b&'.repeat(10_000), {}, 403, 'invalid_signature'],
    ['nothing', '', {}, 403, 'invalid_signature'],
  ])('%s', async (_, raw, headers, status, code) => {
    const before = await counts();
    expectProblem(await server.form(path, raw, headers), status, code);
    expectProblem(
      await server.form(path, raw, { 'x-twilio-signature': signature('forged', 'x', {}), ...headers }),
      status,
      code,
    );
    expect(await counts()).toEqual(before);
  });

  test.each<[string, string]>([
    ['a broken percent-encoding', 'Body=%E0%A4%A%zz'],
    ['an overlong one', 'Body=%C0%80%F8'],
    ['NUL characters, encoded', 'Body=a%00b&Extra%00=%00'],
    ['NUL characters as they are', 'Body=a\0b&Extra\0=\0'],
    ['half of a surrogate pair', 'Body=%ED%A0%80'],
    ['a name of the prototype', '__proto__=1&constructor=2&Body=x'],
  ])('%s is refused unsigned, kept, and taken when signed', async (_, odd) => {
    const base = text();
    delete base.Body;
    const raw = `${new URLSearchParams(base)}&${odd}`;
    const answer = await server.form(path, raw);
    expectProblem(answer, 403, 'invalid_signature');
    const [row] = await kept(base.MessageSid!);
    expect(row.reason).toBe('missing_signature');
    expect(await replay(row.id)).toMatchObject({ ok: false });

    const params = Object.fromEntries(new URLSearchParams(raw));
    if (odd.startsWith('__proto__'))
      Object.defineProperty(params, '__proto__', { value: '1', enumerable: true });
    const right = { 'x-twilio-signature': signature(inUse, publicUrl + path, params) };
    expectTaken(await server.form(path, raw, right));
    expect(await bySid(base.MessageSid!)).toHaveLength(1);
  });

  test.each(['MessageSid', 'From', 'To'])('signed but without %s: 400', async (name) => {
    const form = text();
    for (const one of name === 'MessageSid' ? ['MessageSid', 'SmsSid', 'SmsMessageSid'] : [name])
      delete form[one];
    const before = await counts();
    const answer = await signed(form);
    expectProblem(answer, 400, 'invalid_webhook');
    expect(answer.body.detail).toContain(name);
    expect(await counts()).toEqual(before);
  });

  test('a body that comes in pieces is read to the limit and no further', async () => {
    const pieces = (kilobytes: number) =>
      fetch(server.origin + path, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new ReadableStream({
          start(controller) {
            for (let i = 0; i < kilobytes; i++)
              controller.enqueue(new TextEncoder().encode('x'.repeat(1024)));
            controller.close();
          },
        }),
        duplex: 'half',
      } as RequestInit);
    expect((await pieces(10)).status).toBe(403);
    expect((await pieces(65)).status).toBe(413);
  });

  test.each([path, statusPath, `${path}/abcdefgh12345678`])(
    'GET %s is a problem, not the console',
    async (target) => {
      const answer = await server.get(target, { headers: { accept: 'text/plain' } });
      expect([404, 405]).toContain(answer.status);
      expect(answer.type).toBe('application/problem+json');
    },
  );
});

describe('one text in has one effect', () => {
  test('a hundred copies at once: one message, one event, one turn', async () => {
    const form = text();
    const answers = await Promise.all(Array.from({ length: 100 }, () => signed(form)));
    for (const answer of answers) expectTaken(answer);
    const messages = await bySid(form.MessageSid!);
    expect(messages).toHaveLength(1);
    const [found] = await server.db.query(
      `select (select count(*)::int from events where message_id = m.id) as events,
         (select count(*)::int from turns where conversation_id = m.conversation_id) as turns,
         (select count(*)::int from contacts where phone_number = m.from_address) as contacts
       from messages m where id = $1`,
      [messages[0]!.id],
    );
    expect(found).toEqual({ events: 1, turns: 1, contacts: 1 });
  });

  test('the same words twice are two texts, and one turn that waits for both', async () => {
    const from = nextPhone();
    const forms = [text({ from, body: `Yes ${marker}` }), text({ from, body: `Yes ${marker}` })];
    for (const form of forms) expectTaken(await signed(form));
    const ids = await Promise.all(forms.map(async (form) => (await bySid(form.MessageSid!))[0]!.id));
    expect(new Set(ids).size).toBe(2);
    const turns = await server.db.query(
      `select status, last_message_id from turns where conversation_id = (select conversation_id from messages where id = $1)`,
      [ids[0]],
    );
    expect(turns).toEqual([{ status: 'waiting', last_message_id: ids.toSorted()[1] }]);
  });

  test('a hundred texts of fifty new phones at once lose none', async () => {
    const phones = Array.from({ length: 50 }, nextPhone);
    const forms = [...phones, ...phones].map((from) => text({ from }));
    for (const answer of await Promise.all(forms.map((form) => signed(form)))) expectTaken(answer);
    const [found] = await server.db.query(
      `select count(*)::int as messages, count(distinct conversation_id)::int as conversations
       from messages where from_address = any($1)`,
      [phones],
    );
    expect(found).toEqual({ messages: 100, conversations: 50 });
  });

  test.each(['STOP', ' stop ', 'Help', 'UNSTOP'])('%j is kept and goes to no assistant', async (body) => {
    const form = text({ body });
    expectTaken(await signed(form));
    const [message] = await bySid(form.MessageSid!);
    const turns = await server.db.query(
      'select 1 from turns where conversation_id = (select conversation_id from messages where id = $1)',
      [message!.id],
    );
    expect(turns).toEqual([]);
  });
});

describe('a number nobody owns', () => {
  test('is acknowledged, kept once, and replayed after it is added', async () => {
    const stranger = nextPhone();
    const form = text({ to: stranger });
    for (let i = 0; i < 3; i++) expectTaken(await signed(form));
    const rows = await kept(form.MessageSid!);
    expect(rows).toMatchObject([{ reason: 'unknown_number', replayed_at: null }]);
    expect(await bySid(form.MessageSid!)).toEqual([]);
    expect(await replay(rows[0].id)).toMatchObject({ ok: false, detail: 'The number is still unknown.' });

    const { data: accounts } = (await server.get('/v1/provider-accounts')).body;
    const added = await server.post('/v1/numbers', {
      phoneNumber: stranger,
      providerAccountId: accounts[0].id,
    });
    expect(added.status).toBe(201);
    expect(await replay(rows[0].id)).toMatchObject({ ok: true });
    expect(await bySid(form.MessageSid!)).toHaveLength(1);
    expect((await kept(form.MessageSid!))[0].replayed_at).not.toBeNull();
    // From now on it comes in by itself.
    expectTaken(await signed(text({ to: stranger })));
  });
});

describe("another organization's account", () => {
  const otherSid = `AC${'b2'.repeat(16)}`;
  const otherNumber = nextPhone();
  let other: string;
  let target: string;

  beforeAll(async () => {
    other = newId();
    await server.db.query('insert into organizations (id, name, slug) values ($1, $2, $2)', [other, 'other']);
    const account = await server.post(
      '/v1/provider-accounts',
      { provider: 'twilio', accountSid: otherSid, authTokens: ['their-token'] },
      { as: other },
    );
    expect(account.status).toBe(201);
    expect(account.text).not.toContain('their-token');
    expect(account.body.webhookUrl).toMatch(
      /^https:\/\/sms\.example\.test\/webhooks\/twilio\/sms\/[\w-]{22}$/,
    );
    target = account.body.webhookUrl.slice(publicUrl.length);
    const added = await server.post(
      '/v1/numbers',
      { phoneNumber: otherNumber, providerAccountId: account.body.id },
      { as: other },
    );
    expect(added.status).toBe(201);
  });

  test('its text comes to its own address, signed by its own token, and only it sees it', async () => {
    const form = text({ to: otherNumber }, { AccountSid: otherSid });
    expectTaken(await signed(form, { target, token: 'their-token' }));
    const [message] = await bySid(form.MessageSid!);
    expect(message!.organization_id).toBe(other);
    expect((await server.get(`/v1/messages/${message!.id}`, { as: other })).status).toBe(200);
    expectProblem(await server.get(`/v1/messages/${message!.id}`), 404, 'not_found');
    const { data } = (await server.get('/v1/messages?limit=200')).body;
    expect(data.map((one: Json) => one.id)).not.toContain(message!.id);
  });

  test.each<[string, () => Parameters<typeof signed>[1]]>([
    ["at its address with the first organization's token", () => ({ target, token: inUse })],
    ["at the first organization's address with its token", () => ({ token: 'their-token' })],
  ])('%s: 403', async (_, how) => {
    const form = text({ to: otherNumber });
    expectProblem(await signed(form, how()), 403, 'invalid_signature');
    expect(await bySid(form.MessageSid!)).toEqual([]);
  });

  test('a number of the first organization is unknown at its address', async () => {
    const form = text({ to: own });
    expectTaken(await signed(form, { target, token: 'their-token' }));
    expect(await bySid(form.MessageSid!)).toEqual([]);
    const [row] = await kept(form.MessageSid!);
    expect(row.reason).toBe('unknown_number');
    expectProblem(await server.post(`/v1/quarantine/${row.id}/replay`, {}), 404, 'not_found');
  });

  test('the same sid in two organizations is two texts', async () => {
    const sid = nextSid();
    expectTaken(await signed(text({ to: otherNumber, sid }), { target, token: 'their-token' }));
    expectTaken(await signed(text({ sid })));
    expect(await bySid(sid)).toHaveLength(2);
  });

  test.each([`${path}/aaaaaaaaaaaaaaaaaaaaaa`, `${statusPath}/aaaaaaaaaaaaaaaaaaaaaa`, `${path}/short`])(
    'an unknown key is nothing: %s',
    async (wrong) => {
      const before = await counts();
      expectProblem(await signed(text(), { target: wrong }), 404, 'not_found');
      expect(await counts()).toEqual(before);
    },
  );
});

describe('a receipt', () => {
  const receiptForm = (sid: string, status: string, more = {}) => ({
    MessageSid: sid,
    SmsSid: sid,
    MessageStatus: status,
    SmsStatus: status,
    AccountSid: accountSid,
    From: own,
    To: '+14155550111',
    ApiVersion: '2010-04-01',
    ...more,
  });
  const accepted = async (): Promise<string> =>
    (await server.post('/v1/messages', { to: nextPhone(), body: `Hi ${marker}` })).body.id;
  const post = (form: Record<string, string>, target = statusPath) => signed(form, { target });

  test('by our id, then by its sid', async () => {
    const id = await accepted();
    const sid = nextSid();
    const answer = await post(receiptForm(sid, 'sent'), `${statusPath}?id=${id}`);
    expect(answer).toMatchObject({ status: 200, type: 'text/plain', text: 'OK' });
    expect((await server.get(`/v1/messages/${id}`)).body).toMatchObject({ status: 'sent', providerSid: sid });
    expect((await post(receiptForm(sid, 'delivered'))).status).toBe(200);
    const { body } = await server.get(`/v1/messages/${id}`);
    expect(body.status).toBe('delivered');
    expect(body.steps.filter((step: Json) => step.type === 'message.receipt')).toHaveLength(2);
  });

  test('says why a text was not delivered, in a sentence', async () => {
    const id = await accepted();
    await post(receiptForm(nextSid(), 'undelivered', { ErrorCode: '30003' }), `${statusPath}?id=${id}`);
    const { body } = await server.get(`/v1/messages/${id}`);
    expect(body).toMatchObject({ status: 'undelivered', errorCode: '30003' });
    expect(body.errorMessage).toMatch(/^[A-Z].*\.$/s);
  });

  test('a hundred shuffled ones at once end where they must', async () => {
    const id = await accepted();
    const sid = nextSid();
    const words = ['queued', 'sending', 'sent', 'delivered'];
    const all = Array.from({ length: 100 }, (_, i) => words[(i * 7) % 4]!);
    const answers = await Promise.all(
      all.map((word) => post(receiptForm(sid, word), `${statusPath}?id=${id}`)),
    );
    expect(new Set(answers.map((one) => one.status))).toEqual(new Set([200]));
    const { body } = await server.get(`/v1/messages/${id}`);
    expect(body.status).toBe('delivered');
    expect(body.steps.filter((step: Json) => step.type === 'message.receipt')).toHaveLength(100);
  });

  test('of a text that is not ours is acknowledged and kept', async () => {
    const sid = nextSid();
    expect((await post(receiptForm(sid, 'sent'))).status).toBe(200);
    const [row] = await kept(sid);
    expect(row.reason).toBe('unknown_message');
    expect(await replay(row.id)).toMatchObject({ ok: false, detail: 'The message is still unknown.' });
    const id = await accepted();
    await server.db.query('update messages set provider_sid = $2 where id = $1', [id, sid]);
    expect(await replay(row.id)).toMatchObject({ ok: true });
    expect((await server.get(`/v1/messages/${id}`)).body.status).toBe('sent');
  });

  test('unsigned: 403, kept, and nothing changes', async () => {
    const id = await accepted();
    const sid = nextSid();
    expectProblem(
      await server.form(`${statusPath}?id=${id}`, receiptForm(sid, 'failed')),
      403,
      'invalid_signature',
    );
    expect((await server.get(`/v1/messages/${id}`)).body.status).toBe('queued');
    expect(await kept(sid)).toMatchObject([{ reason: 'missing_signature' }]);
  });

  test('signed for another message id than the one in its address: 403', async () => {
    const [mine, theirs] = [await accepted(), await accepted()];
    const form = receiptForm(nextSid(), 'failed');
    const answer = await server.form(`${statusPath}?id=${theirs}`, form, {
      'x-twilio-signature': signature(inUse, `${publicUrl}${statusPath}?id=${mine}`, form),
    });
    expect(answer.status).toBe(403);
    expect((await server.get(`/v1/messages/${theirs}`)).body.status).toBe('queued');
  });

  test.each(['MessageSid', 'MessageStatus'])('without %s: 400', async (name) => {
    const form: Record<string, string> = receiptForm(nextSid(), 'sent');
    delete form[name];
    delete form[name.replace('Message', 'Sms')];
    expectProblem(await post(form), 400, 'invalid_webhook');
  });
});

test('the log holds no text, no number and no stack of a refusal', () => {
  const all = server.lines.join('');
  expect(all).toContain('quarantine');
  expect(all).not.toContain(marker);
  expect(all).not.toMatch(/\+1415555|%2B1415555|14155550100/);
  expect(all).not.toMatch(/the-token|their-token/);
  // Nothing here was unforeseen.
  expect(server.lines.filter((line) => JSON.parse(line).level === 'error')).toEqual([]);
});
