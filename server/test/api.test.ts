import {
  acceptedMessageSchema,
  conversationSchema,
  messageRecordSchema,
  messageSchema,
  numberSchema,
  pageSchema,
  problemSchema,
} from '@trunkline/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../src/base/ids.ts';
import { enqueue } from '../src/queue/enqueue.ts';
import {
  type Answer,
  accountSid,
  conversation,
  eventually,
  type Json,
  nextPhone,
  number,
  type OnCreate,
  organization,
  outgoing,
  realSettings,
  startProvider,
  startServer,
  type TestProvider,
  type TestServer,
} from './build.ts';

const own = '+14155550100';
const marker = 'zanzibar';
let provider: TestProvider;
let server: TestServer;
let settings: Record<string, string>;
let first: string;
let other: { id: string; accountId: string };
let otherNumber: string;

beforeAll(async () => {
  provider = await startProvider();
  settings = { ...realSettings(provider), TWILIO_PHONE_NUMBER: own };
  server = await startServer(settings);
  first = (await server.get('/v1/session')).body.organization.id;
  other = await organization(server.db);
  otherNumber = (await number(server.db, other)).phoneNumber;
});
afterAll(async () => {
  await server.stop();
  await provider.close();
});

const send = (body: unknown, options: Parameters<TestServer['post']>[2] = {}) =>
  server.post('/v1/messages', body, options);
const accept = async (given: Record<string, unknown> = {}): Promise<Json> => {
  const answer = await send({ to: nextPhone(), body: `Hello ${marker}`, ...given });
  expect(answer.status).toBe(202);
  return answer.body;
};
const read = async (id: string): Promise<Json> => (await server.get(`/v1/messages/${id}`)).body;
const status = async (id: string): Promise<string> => (await read(id)).status;
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

const expectProblem = (answer: Answer, expected: number, code: string) => {
  expect([answer.status, answer.type]).toEqual([expected, 'application/problem+json']);
  const problem = problemSchema.parse(answer.body);
  expect(problem).toMatchObject({ status: expected, code });
  expect(problem.detail).toMatch(/^\S.{5,}\S$/s);
};

const stored = async () =>
  (
    await server.db.query(
      `select (select count(*)::int from messages) as messages, (select count(*)::int from events) as events,
         (select count(*)::int from contacts) as contacts, (select count(*)::int from conversations) as conversations`,
    )
  )[0]!;

describe('POST /v1/messages refuses', () => {
  const to = '+14155550199';
  const invalid: [string, () => unknown, string][] = [
    ['a field that is unknown', () => ({ to, body: 'x', priorty: 'high' }), ''],
    ['no body', () => ({ to }), 'body'],
    ['an empty body', () => ({ to, body: '' }), 'body'],
    ['white space alone', () => ({ to, body: ' \n\t ' }), 'body'],
    ['an empty body with no pictures', () => ({ to, body: '', mediaUrls: [] }), 'body'],
    ['a NUL character', () => ({ to, body: 'a\0b' }), 'body'],
    ['a body that is no text', () => ({ to, body: 5 }), 'body'],
    ['a body over 16,000 characters', () => ({ to, body: 'x'.repeat(16_001) }), 'body'],
    ['nobody to send to', () => ({ body: 'x' }), 'to'],
    ['a national number', () => ({ to: '4155550199', body: 'x' }), 'to'],
    ['a number with 00', () => ({ to: '0014155550199', body: 'x' }), 'to'],
    ['a number that is too short', () => ({ to: '+1415', body: 'x' }), 'to'],
    ['words for a number', () => ({ to: 'my mother', body: 'x' }), 'to'],
    ['its own number', () => ({ to: own, body: 'x' }), 'to'],
    ['the same number written otherwise', () => ({ to: '+1 (415) 555-0100', body: 'x' }), 'to'],
    ['a sender it does not own', () => ({ to, from: '+14155550188', body: 'x' }), 'from'],
    ["another organization's sender", () => ({ to, from: otherNumber, body: 'x' }), 'from'],
    ['eleven pictures', () => ({ to, mediaUrls: Array(11).fill('https://a.test/1.png') }), 'mediaUrls'],
    ['a picture that is a file', () => ({ to, mediaUrls: ['file:///etc/passwd'] }), 'mediaUrls.0'],
    ['a priority of its own', () => ({ to, body: 'x', priority: 'now' }), 'priority'],
    ['a date that is none', () => ({ to, body: 'x', sendAt: 'tomorrow' }), 'sendAt'],
    ['a date without a zone', () => ({ to, body: 'x', sendAt: '2030-01-01T10:00:00' }), 'sendAt'],
    ['a day that no month has', () => ({ to, body: 'x', sendAt: '2030-02-30T10:00:00Z' }), 'sendAt'],
    ['an end in the past', () => ({ to, body: 'x', expiresAt: inSeconds(-1) }), 'expiresAt'],
    [
      'an end before the beginning',
      () => ({ to, body: 'x', sendAt: inSeconds(60), expiresAt: inSeconds(30) }),
      'expiresAt',
    ],
    ['a conversation that is no id', () => ({ conversationId: 'x', body: 'x' }), 'conversationId'],
    ['metadata that is no object', () => ({ to, body: 'x', metadata: 'x' }), 'metadata'],
    ['a list', () => [{ to, body: 'x' }], ''],
    ['null', () => null, ''],
  ];
  test.each(invalid)('%s: 400', async (_, body, path) => {
    const before = await stored();
    const answer = await send(body());
    expectProblem(answer, 400, 'invalid_request');
    expect(answer.body.errors.map((one: Json) => one.path)).toContain(path);
    expect(answer.text).not.toContain('0199');
    expect(await stored()).toEqual(before);
  });

  const good = JSON.stringify({ to, body: 'x' });
  test.each<[string, Parameters<TestServer['call']>[2], number, string]>([
    ['nobody', { token: null }, 401, 'unauthorized'],
    ['a wrong token', { token: 'tl_wrong' }, 401, 'unauthorized'],
    ['the admin token in other letters', { token: 'ADMIN-TOKEN-OF-THE-TESTS' }, 401, 'unauthorized'],
    ['an organization there is not', { as: newId() }, 404, 'organization_not_found'],
    ['half a JSON', { raw: good.slice(1) }, 400, 'invalid_json'],
    ['nothing', { raw: '' }, 400, 'invalid_json'],
    [
      'a form',
      { headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'unsupported_media_type',
    ],
    ['plain text', { headers: { 'content-type': 'text/plain' } }, 415, 'unsupported_media_type'],
    ['more than a megabyte', { raw: `${good}${' '.repeat(1024 * 1024)}` }, 413, 'too_large'],
    ['JSON nested ten thousand deep', { raw: '['.repeat(10_000) }, 400, 'invalid_json'],
  ])('%s', async (_, options, expected, code) => {
    const before = await stored();
    const answer = await server.call('POST', '/v1/messages', { raw: good, ...options });
    expectProblem(answer, expected, code);
    expect(answer.headers.get('www-authenticate')).toBe(expected === 401 ? 'Bearer' : null);
    expect(await stored()).toEqual(before);
  });

  test('a conversation that is not its own, or together with to', async () => {
    const theirs = await conversation(server.db, other.id, await number(server.db, other));
    const { conversationId } = await accept();
    const before = await stored();
    expectProblem(await send({ conversationId: theirs.id, body: 'x' }), 404, 'not_found');
    expectProblem(await send({ conversationId: newId(), body: 'x' }), 404, 'not_found');
    expectProblem(await send({ conversationId, to, body: 'x' }), 400, 'invalid_request');
    expectProblem(await send({ conversationId, from: own, body: 'x' }), 400, 'invalid_request');
    expect((await stored()).conversations).toBe(before.conversations);
  });

  test('an organization without a number', async () => {
    const bare = await organization(server.db);
    expectProblem(await send({ to, body: 'x' }, { as: bare.id }), 409, 'no_number');
  });
});

describe('POST /v1/messages accepts', () => {
  test('with 202 and the whole message, and sends it', async () => {
    const to = nextPhone();
    const answer = await send({ to, body: 'Hello', metadata: { order: 7 }, priority: 'urgent' });
    expect([answer.status, answer.type]).toEqual([202, 'application/json']);
    const message = acceptedMessageSchema.parse(answer.body);
    expect(message).toMatchObject({
      direction: 'outbound',
      status: 'queued',
      author: 'api',
      from: own,
      to,
      body: 'Hello',
      segments: 1,
      encoding: 'gsm7',
      priority: 'urgent',
      hold: null,
      attempts: 0,
      part: null,
      partIds: [message.id],
      metadata: { order: 7 },
    });
    await eventually(async () => (await status(message.id)) === 'sent', 'it is sent');
    const record = messageRecordSchema.parse(await read(message.id));
    expect(record.steps.map((step) => step.type)).toEqual([
      'message.accepted',
      'message.sending',
      'message.sent',
    ]);
    const { steps: _, ...rest } = record;
    const { partIds: __, ...asked } = message;
    const taken = provider.taken.find((one) => one.to === to)!;
    expect(rest).toEqual({
      ...asked,
      status: 'sent',
      attempts: 1,
      providerSid: taken.sid,
      sentAt: rest.sentAt,
    });
    expect(taken).toMatchObject({ from: own, body: 'Hello' });
    expect(taken.statusCallback).toBe(
      `https://sms.example.test/webhooks/twilio/status?id=${message.id}#rc=3&rp=all`,
    );
  });

  test.each<[string, string, 'gsm7' | 'ucs2', number]>([
    ['160 plain letters', 'a'.repeat(160), 'gsm7', 1],
    ['161 plain letters', 'a'.repeat(161), 'gsm7', 2],
    ['70 Cyrillic ones', 'ж'.repeat(70), 'ucs2', 1],
    ['71 Cyrillic ones', 'ж'.repeat(71), 'ucs2', 2],
    ['an emoji', '👍', 'ucs2', 1],
  ])('%s, counted', async (_, body, encoding, segments) => {
    expect(await accept({ body })).toMatchObject({ encoding, segments });
  });

  test('a number as people write it', async () => {
    expect((await accept({ to: ' +1 (415) 555-0177 ' })).to).toBe('+14155550177');
  });

  test('a picture alone, and a text into a conversation', async () => {
    const picture = await accept({ body: undefined, mediaUrls: ['https://a.test/1.png'] });
    expect(picture).toMatchObject({ body: '', mediaUrls: ['https://a.test/1.png'] });
    const { conversationId, to } = picture;
    expect(await accept({ to: undefined, conversationId })).toMatchObject({ conversationId, to });
  });

  test('a long text in parts, which leave in order', async () => {
    const to = nextPhone();
    const body = Array.from(
      { length: 60 },
      (_, i) => `This is sentence number ${i} of a very long story.`,
    ).join(' ');
    const message = await accept({ to, body, mediaUrls: ['https://a.test/1.png'] });
    expect(message.part).toEqual({ index: 1, count: 2 });
    expect(message.partIds).toHaveLength(2);
    const parts = await Promise.all(message.partIds.map(read));
    expect(parts.map((part) => part.part)).toEqual([
      { index: 1, count: 2 },
      { index: 2, count: 2 },
    ]);
    expect(parts.map((part) => part.body).join(' ')).toBe(body);
    for (const part of parts) expect(part.body.length).toBeLessThanOrEqual(1600);
    expect(parts.map((part) => part.mediaUrls.length)).toEqual([1, 0]);
    await eventually(async () => (await status(message.partIds[1])) === 'sent', 'the last part is sent');
    expect(provider.taken.filter((one) => one.to === to).map((one) => one.body)).toEqual(
      parts.map((part) => part.body),
    );
  });

  test('or, with LONG_TEXTS=refuse, refuses a long text whole', async () => {
    const strict = await startServer(
      { ...settings, LONG_TEXTS: 'refuse', ROLES: 'web' },
      { database: server.databaseUrl },
    );
    try {
      const before = await stored();
      const answer = await strict.post('/v1/messages', { to: nextPhone(), body: 'x'.repeat(1601) });
      expectProblem(answer, 400, 'invalid_request');
      expect(answer.body.detail).toContain('1601');
      expect(await stored()).toEqual(before);
      expect((await strict.post('/v1/messages', { to: nextPhone(), body: 'x'.repeat(1600) })).status).toBe(
        202,
      );
    } finally {
      await strict.stop();
    }
  });

  test('ten texts of a conversation leave in the order they were accepted', async () => {
    const to = nextPhone();
    const bodies = Array.from({ length: 10 }, (_, i) => `text ${i}`);
    let last = '';
    for (const body of bodies) last = (await accept({ to, body })).id;
    await eventually(async () => (await status(last)) === 'sent', 'the last is sent');
    expect(provider.taken.filter((one) => one.to === to).map((one) => one.body)).toEqual(bodies);
  });
});

describe('held, expired, canceled', () => {
  test('sendAt holds a text, says so, and lets it go then', async () => {
    const to = nextPhone();
    const sendAt = inSeconds(1.5);
    const message = await accept({ to, sendAt });
    expect(message).toMatchObject({ status: 'held', sendAt, hold: { until: sendAt } });
    expect(message.hold.reason).toMatch(/^Scheduled for .*\.$/);
    expect(await read(message.id)).toMatchObject({ status: 'held', hold: message.hold });
    await eventually(async () => (await status(message.id)) === 'sent', 'it is sent');
    const taken = provider.taken.filter((one) => one.to === to);
    expect(taken).toHaveLength(1);
    expect(taken[0]!.createdAt.getTime()).toBeGreaterThanOrEqual(Date.parse(sendAt));
    expect((await read(message.id)).steps.map((step: Json) => step.type)).toEqual([
      'message.held',
      'message.released',
      'message.sending',
      'message.sent',
    ]);
  });

  test('a sendAt with an offset is the same moment; one in the past is now', async () => {
    expect((await accept({ sendAt: '2099-06-01T12:00:00+02:00' })).sendAt).toBe('2099-06-01T10:00:00.000Z');
    expect(await accept({ sendAt: inSeconds(-60) })).toMatchObject({ status: 'queued', hold: null });
  });

  test('expiresAt ends a text that could not go in time, and it never goes', async () => {
    const to = nextPhone();
    const stuck = Promise.withResolvers<void>();
    provider.onCreate = async (params): Promise<OnCreate> => {
      if (params.get('To') === to) await stuck.promise;
      return 'take';
    };
    try {
      const ahead = await accept({ to, body: 'ahead' });
      await eventually(async () => (await status(ahead.id)) === 'sending', 'the one ahead is under way');
      const late = await accept({ to, body: 'late', expiresAt: inSeconds(0.7) });
      await eventually(async () => (await status(late.id)) === 'expired', 'it expires');
      stuck.resolve();
      await eventually(async () => (await status(ahead.id)) === 'sent', 'the one ahead is sent');
      const after = await accept({ to, body: 'after' });
      await eventually(async () => (await status(after.id)) === 'sent', 'the one behind is sent');
      expect(provider.taken.filter((one) => one.to === to).map((one) => one.body)).toEqual([
        'ahead',
        'after',
      ]);
      expect((await read(late.id)).errorMessage).toMatch(/^Not sent: .*\.$/);
    } finally {
      stuck.resolve();
      provider.onCreate = () => 'take';
    }
  });

  test('cancel stops what has not left, once, and is 409 for what has', async () => {
    const held = await accept({ sendAt: inSeconds(3600) });
    const cancel = (id: string, as?: string) =>
      server.post(`/v1/messages/${id}/cancel`, undefined, as === undefined ? {} : { as });
    expectProblem(await cancel(held.id, other.id), 404, 'not_found');
    expect(await status(held.id)).toBe('held');
    const answer = await cancel(held.id);
    expect(answer.status).toBe(200);
    expect(messageSchema.parse(answer.body)).toMatchObject({ id: held.id, status: 'canceled', hold: null });
    expect((await cancel(held.id)).status).toBe(200);
    expect((await read(held.id)).steps.filter((step: Json) => step.type === 'message.canceled')).toHaveLength(
      1,
    );

    const sent = await accept();
    await eventually(async () => (await status(sent.id)) === 'sent', 'it is sent');
    const refused = await cancel(sent.id);
    expectProblem(refused, 409, 'not_cancelable');
    expect(refused.body.detail).toContain('sent');
    expectProblem(await cancel(newId()), 404, 'not_found');
    expectProblem(await cancel('x'), 404, 'not_found');
  });
});

describe('lists', () => {
  const pages = async (
    path: string,
    limit: number,
    meanwhile: () => Promise<unknown>,
    as = first,
  ): Promise<Json[]> => {
    const all: Json[] = [];
    let cursor: string | null = null;
    do {
      const answer: Answer = await server.get(
        `${path}?limit=${limit}${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
        { as },
      );
      expect(answer.status).toBe(200);
      expect(answer.body.data.length).toBeLessThanOrEqual(limit);
      all.push(...answer.body.data);
      cursor = answer.body.nextCursor;
      await meanwhile();
    } while (cursor !== null);
    return all;
  };

  test('120 messages of one moment, each exactly once, newest first, while new ones arrive', async () => {
    const of = await organization(server.db);
    const talk = await conversation(server.db, of.id, await number(server.db, of));
    const at = new Date();
    const texts = Array.from({ length: 120 }, () =>
      outgoing(talk, { createdAt: at, hold: { reason: 'Wait.', until: null } }),
    );
    await enqueue(server.db, texts);
    const wanted = texts.map((one) => one.id).toReversed();
    for (const path of ['/v1/messages', `/v1/conversations/${talk.id}/messages`]) {
      const more = () => enqueue(server.db, [outgoing(talk, { hold: { reason: 'Wait.', until: null } })]);
      const all = await pages(path, 17, more, of.id);
      expect(all.map((one) => one.id).filter((id) => wanted.includes(id))).toEqual(wanted);
      expect(new Set(all.map((one) => one.id)).size).toBe(all.length);
      pageSchema(messageSchema).parse({ data: all, nextCursor: null });
    }
  });

  test('70 conversations of one moment, each exactly once, while new ones arrive', async () => {
    const of = await organization(server.db);
    const sender = await number(server.db, of);
    const talks = await Promise.all(Array.from({ length: 70 }, () => conversation(server.db, of.id, sender)));
    const hold = { reason: 'Wait.', until: null };
    // Two texts each: the newest counts, and a conversation comes once.
    await enqueue(
      server.db,
      [...talks, ...talks].map((talk) => outgoing(talk, { hold })),
    );
    const more = async () =>
      enqueue(server.db, [outgoing(await conversation(server.db, of.id, sender), { hold })]);
    const all = await pages('/v1/conversations', 9, more, of.id);
    expect(all.map((one) => one.id)).toEqual(talks.map((one) => one.id).toReversed());
    pageSchema(conversationSchema).parse({ data: all, nextCursor: null });
  });

  test('messages of a status', async () => {
    const held = await accept({ sendAt: inSeconds(3600) });
    const { data } = (await server.get('/v1/messages?status=held&limit=200')).body;
    expect(data.map((one: Json) => one.id)).toContain(held.id);
    expect(new Set(data.map((one: Json) => one.status))).toEqual(new Set(['held']));
  });

  test('the conversation shows its newest message', async () => {
    const { id, conversationId, to } = await accept({ body: 'The newest' });
    const { body: shown } = await server.get(`/v1/conversations/${conversationId}`);
    expect(shown).toMatchObject({ contact: { phoneNumber: to }, lastMessage: { id, body: 'The newest' } });
    expect((await server.get('/v1/conversations?limit=1')).body.data[0].id).toBe(conversationId);
  });

  test('numbers, with the addresses to set at the provider', async () => {
    const { body } = await server.get('/v1/numbers');
    expect(pageSchema(numberSchema).parse(body).data).toMatchObject([
      {
        phoneNumber: own,
        provider: 'twilio',
        responder: { kind: 'inbox', assistantId: null },
        webhookUrl: 'https://sms.example.test/webhooks/twilio/sms',
        statusCallbackUrl: 'https://sms.example.test/webhooks/twilio/status',
      },
    ]);
  });

  test.each([
    '/v1/messages?limit=0',
    '/v1/messages?limit=201',
    '/v1/messages?limit=x',
    '/v1/messages?cursor=x',
    '/v1/messages?status=lost',
    '/v1/conversations?cursor=x',
    `/v1/conversations?cursor=2026-13-45T99:00:00.000000Z_${newId()}`,
    `/v1/conversations?cursor=2026-01-01T10:00:00.000000Z_${'-'.repeat(36)}`,
    '/v1/quarantine?cursor=x',
  ])('%s: 400', async (path) => {
    expectProblem(await server.get(path), 400, 'invalid_request');
  });
});

describe("another organization's", () => {
  test('things are not there, whatever is asked of them', async () => {
    const message = await accept();
    const { data: numbers } = (await server.get('/v1/numbers')).body;
    const { data: assistants } = (await server.get('/v1/assistants')).body;
    const { data: accounts } = (await server.get('/v1/provider-accounts')).body;
    const as = other.id;
    const asked: [string, string, unknown][] = [
      ['GET', `/v1/messages/${message.id}`, undefined],
      ['POST', `/v1/messages/${message.id}/cancel`, undefined],
      ['GET', `/v1/conversations/${message.conversationId}`, undefined],
      ['GET', `/v1/conversations/${message.conversationId}/messages`, undefined],
      ['PATCH', `/v1/numbers/${numbers[0].id}`, { responder: { kind: 'inbox' } }],
      ['PATCH', `/v1/assistants/${assistants[0].id}`, { name: 'Mine' }],
      ['POST', `/v1/quarantine/${newId()}/replay`, {}],
      ['DELETE', `/v1/api-keys/${newId()}`, undefined],
      ['POST', '/v1/numbers', { phoneNumber: nextPhone(), providerAccountId: accounts[0].id }],
    ];
    for (const [method, path, body] of asked)
      expectProblem(
        await server.call(method, path, { as, ...(body !== undefined && { body }) }),
        404,
        'not_found',
      );
    // Their own number, answered by our assistant.
    const { data: theirs } = (await server.get('/v1/numbers', { as })).body;
    expectProblem(
      await server.call('PATCH', `/v1/numbers/${theirs[0].id}`, {
        as,
        body: { responder: { kind: 'assistant', assistantId: assistants[0].id } },
      }),
      404,
      'not_found',
    );
    for (const path of ['/v1/messages', '/v1/conversations', '/v1/assistants']) {
      const { data } = (await server.get(`${path}?limit=200`, { as })).body;
      const ids = data.map((one: Json) => one.id);
      expect(ids).not.toContain(message.id);
      expect(ids).not.toContain(message.conversationId);
      expect(ids).not.toContain(assistants[0].id);
    }
  });

  test('things are not there for its API key either', async () => {
    const { key } = (await server.post('/v1/api-keys', { name: 'theirs' }, { as: other.id })).body;
    const message = await accept();
    expectProblem(await server.get(`/v1/messages/${message.id}`, { token: key }), 404, 'not_found');
    expectProblem(await server.get('/v1/messages', { token: key, as: first }), 403, 'forbidden');
    expect((await send({ to: nextPhone(), body: 'x' }, { token: key })).body.from).toBe(otherNumber);
  });
});

describe('GET /v1/events', () => {
  /** Follows the stream; what came so far is in `events`. */
  const follow = async (as: string, lastEventId?: string) => {
    const stopping = new AbortController();
    const answer = await fetch(`${server.origin}/v1/events`, {
      headers: {
        authorization: 'Bearer admin-token-of-the-tests',
        'trunkline-organization': as,
        ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
      },
      signal: stopping.signal,
    });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const events: Json[] = [];
    const reading = (async () => {
      let rest = '';
      for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
        const blocks = (rest + chunk).split('\n\n');
        rest = blocks.pop()!;
        for (const block of blocks) {
          const fields = Object.fromEntries(
            block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)),
          );
          if (fields.data === undefined) continue;
          const event = JSON.parse(fields.data);
          expect([fields.id, fields.event]).toEqual([event.id, event.type]);
          events.push(event);
        }
      }
    })().catch((error: Error) => {
      if (error.name !== 'AbortError') throw error;
    });
    return {
      events,
      async stop() {
        stopping.abort();
        await reading;
        return events;
      },
    };
  };
  const written = (organizationId: string, after: string | undefined) =>
    server.db.query<{ id: string; type: string }>(
      `select tx || '-' || seq as id, type from events where organization_id = $1
         and ($2::text is null or (tx, seq) > (split_part($2, '-', 1)::xid8, split_part($2, '-', 2)::bigint))
       order by tx, seq`,
      [organizationId, after ?? null],
    );
  const settled = () =>
    eventually(
      async () =>
        (await server.db.query(`select 1 from messages where status in ('queued', 'sending') limit 1`))
          .length === 0,
      'everything is sent',
    );

  test('shows what happens, in order, with what the contract says', async () => {
    const stream = await follow(first);
    const { id } = await accept();
    await eventually(
      () => stream.events.filter((one) => one.messageId === id).length === 3,
      'three events come',
    );
    const events = (await stream.stop()).filter((one) => one.messageId === id);
    expect(events.map((one) => [one.type, one.status])).toEqual([
      ['message.accepted', 'queued'],
      ['message.sending', 'sending'],
      ['message.sent', 'sent'],
    ]);
  });

  test('a follower that keeps coming and going misses nothing and gets nothing twice', async () => {
    await settled();
    const begin = (await written(first, undefined)).at(-1)?.id ?? '0-0';
    const texts = 200;
    let accepted = 0;
    const accepting = Promise.all(
      Array.from({ length: 8 }, async () => {
        while (accepted < texts) {
          accepted += 1;
          await accept();
        }
      }),
    );
    const all: Json[] = [];
    let from = begin;
    let rounds = 0;
    const everything = async () => {
      await accepting;
      await settled();
      return (await written(first, begin)).length;
    };
    let total = 0;
    void everything().then((count) => {
      total = count;
    });
    const until = performance.now() + 20_000;
    while ((total === 0 || all.length < total) && performance.now() < until) {
      const stream = await follow(first, from);
      const some = 1 + ((rounds * 13) % 40);
      await eventually(
        () => stream.events.length >= some || (total > 0 && all.length + stream.events.length >= total),
        `round ${rounds} brings events`,
        8_000,
      );
      all.push(...(await stream.stop()));
      from = all.at(-1)?.id ?? from;
      rounds += 1;
    }
    expect(rounds).toBeGreaterThan(5);
    expect(all.map((one) => one.id)).toEqual((await written(first, begin)).map((one) => one.id));
    expect(all.filter((one) => one.type === 'message.accepted')).toHaveLength(texts);
  });

  test('each organization sees its own alone, also from the beginning', async () => {
    const theirs = await follow(other.id, '0-0');
    const ours = await follow(first);
    const [one, two] = await Promise.all([accept(), send({ to: nextPhone(), body: 'x' }, { as: other.id })]);
    await eventually(() => ours.events.some((event) => event.messageId === one.id), 'ours comes');
    await eventually(() => theirs.events.some((event) => event.messageId === two.body.id), 'theirs comes');
    await settled();
    const wanted = (await written(other.id, undefined)).map((event) => event.id);
    await eventually(() => theirs.events.length >= wanted.length, 'all of theirs come');
    expect((await theirs.stop()).map((event) => event.id)).toEqual(wanted);
    expect((await ours.stop()).some((event) => event.messageId === two.body.id)).toBe(false);
  });

  test('are in the order of transactions as numbers, not as text', async () => {
    const of = await organization(server.db);
    const ids = ['8-3', '9-1', '9-2', '10-1', '99-1', '100-1'];
    for (const id of ids.toReversed())
      await server.db.query(
        `insert into events (tx, seq, organization_id, type, data) overriding system value values ($1::xid8, $2, $3, 'test', '{}')`,
        [...id.split('-'), of.id],
      );
    const stream = await follow(of.id, '8-2');
    await eventually(() => stream.events.length >= ids.length, 'all come');
    expect((await stream.stop()).map((event) => event.id)).toEqual(ids);
  });

  test.each(['x', '1', '-1-2', '1-2-3', '99999999999999999999999-1'])('Last-Event-ID %s: 400', async (id) => {
    expectProblem(
      await server.get('/v1/events', { headers: { 'last-event-id': id } }),
      400,
      'invalid_cursor',
    );
  });

  test('nobody: 401', async () => {
    expectProblem(await server.get('/v1/events', { token: null }), 401, 'unauthorized');
  });
});

describe('the rest', () => {
  test('/health', async () => {
    const answer = await server.get('/health', { token: null });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      status: 'healthy',
      service: 'trunkline',
      database: 'connected',
      workers: { sending: 'running', turns: 'running', sweeping: 'running' },
    });
  });

  test('/metrics shows what happened, and no person', async () => {
    await accept();
    const { text, type } = await server.get('/metrics');
    expect(type).toMatch(/^text\/plain/);
    expect(text).toMatch(/^trunkline_send_attempt_seconds_count\{outcome="sent"\} [1-9]/m);
    expect(text).toMatch(/^trunkline_http_request_seconds_count\{method="POST",status="2xx"\} [1-9]/m);
    for (const open of ['held', 'queued', 'sending', 'unknown'])
      expect(text).toMatch(new RegExp(`^trunkline_messages_open\\{status="${open}"\\} \\d+$`, 'm'));
    for (const open of ['waiting', 'running'])
      expect(text).toMatch(new RegExp(`^trunkline_turns_open\\{status="${open}"\\} \\d+$`, 'm'));
    expect(text).not.toMatch(/415555|zanzibar/);
    expect(text).not.toContain(first);
    expect(text).not.toContain(accountSid);
  });

  test('/openapi.json describes every route, each with who may', async () => {
    const { body } = await server.get('/openapi.json', { token: null });
    const rows = Object.entries(body.paths as Json).flatMap(([path, methods]) =>
      Object.entries(methods as Json).map(([method, row]) => ({ method, path, row: row as Json })),
    );
    expect(rows.length).toBeGreaterThan(20);
    for (const { row } of rows) {
      expect(['public', 'member', 'admin', 'owner', 'device']).toContain(row['x-who-may']);
      expect(row.summary).toMatch(/^[A-Z]/);
      expect(row.responses.default).toBeDefined();
    }
    // What it describes is what is there: each answers something else than 404, and lets nobody in but where it says public.
    for (const { method, path, row } of rows) {
      const asked = path.replace('{id}', newId()).replace('{name}', 'anybody');
      const nobody = await server.call(method.toUpperCase(), asked, {
        token: null,
        ...(row.requestBody && { body: {} }),
      });
      // Its signature is the permission.
      if (path === '/media/{id}') expect(nobody.status).toBe(403);
      else if (row['x-who-may'] === 'public') expect(nobody.status, `${method} ${path}`).not.toBe(403);
      else expect(nobody.status, `${method} ${path}`).toBe(401);
    }
  });

  test.each([
    ['GET', '/v1/nothing'],
    ['GET', '/nothing'],
    ['DELETE', '/v1/messages'],
    ['PUT', '/v1/messages'],
    ['GET', '/v1/messages/not-an-id'],
    ['GET', `/v1/messages/${newId()}`],
    ['GET', "/v1/messages/'%20or%201=1"],
    ['GET', '/%'],
    ['GET', '/..%2f..%2fpackage.json'],
    ['GET', '/assets/%00'],
  ])('%s %s: 404', async (method, path) => {
    expectProblem(await server.call(method, path), 404, 'not_found');
  });

  test('the log holds no text and no number', () => {
    const all = server.lines.join('');
    expect(all).not.toContain(marker);
    expect(all).not.toMatch(/\+1415555|admin-token-of/);
    expect(server.lines.filter((line) => JSON.parse(line).level === 'error')).toEqual([]);
  });
});
