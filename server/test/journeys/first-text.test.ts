import type { Event, Message } from '@trunkline/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../database.ts';
import { type Asked, openModel, type TestModel } from './model.ts';
import { openStand, ourNumber, type Stand } from './stand.ts';
import { until } from './until.ts';

const picture =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const sentence = 'This is one sentence of a reply that goes on for long. ';
const longReply = sentence.repeat(60).trim();

let database: TestDatabase;
let model: TestModel;
let stand: Stand;
/** While it is set, the model thinks: until the test lets it answer. */
let thinking: Promise<void> | null = null;

const lastText = (asked: Asked) => asked.findLast((one) => one.role === 'user')!.content;
const replyTo = (text: string) => `Reply to ${text}`;

beforeAll(async () => {
  database = await createDatabase();
  model = await openModel(async (asked) => {
    await thinking;
    return lastText(asked).includes('long') ? longReply : replyTo(lastText(asked));
  });
  stand = await openStand({
    databaseUrl: database.url,
    signed: true,
    env: { LLM_BASE_URL: model.url, LLM_MODEL: 'writer' },
  });
});
afterAll(async () => {
  await stand?.close();
  model?.close();
  await database?.drop();
});

let phones = 0;
const newPhone = () => `+1202555${String(1000 + phones++)}`;
const types = (record: { steps: { type: string }[] }) => record.steps.map((step) => step.type);
const inbound = (messages: Message[]) => messages.filter((one) => one.direction === 'inbound');
const outbound = (messages: Message[]) => messages.filter((one) => one.direction === 'outbound');

/** Waits until the phone has this many texts from us that are shown as delivered, and returns the conversation. */
const delivered = (phone: string, count: number) =>
  until(`${count} texts delivered to the phone`, async () => {
    const messages = await stand.messages(phone);
    return outbound(messages).filter((one) => one.status === 'delivered').length === count && messages;
  });

describe('the first text', () => {
  test('goes from the phone to the assistant and back, and every step is on the record', async () => {
    const phone = newPhone();
    const onPhone = await stand.followPhone(phone);
    const events = await stand.followEvents<Event>();
    const typed = await stand.textAndWait(phone, 'Are you there?');
    expect(typed.webhook).toEqual({ status: 200, attempts: 1 });

    await until('the reply on the phone', () => onPhone.heard.length === 1);
    expect(onPhone.heard[0]).toMatchObject({
      direction: 'in',
      peer: ourNumber,
      body: replyTo('Are you there?'),
    });
    const [question, reply] = (await delivered(phone, 1)) as [Message, Message];
    const [taken, ...doubled] = await stand.ledger(phone);
    expect(doubled).toEqual([]);

    expect(question).toMatchObject({
      direction: 'inbound',
      status: 'received',
      from: phone,
      to: ourNumber,
      body: 'Are you there?',
      providerSid: typed.sid,
    });
    expect(types(await stand.record(question.id))).toEqual([
      'message.received',
      'message.verified',
      'message.screened',
      'message.routed',
      'turn.started',
      'turn.completed',
    ]);
    expect(reply).toMatchObject({
      author: 'assistant',
      providerSid: taken!.sid,
      attempts: 1,
      errorCode: null,
    });
    const [first, second, third, ...receipts] = (await stand.record(reply.id)).steps;
    expect([first?.type, second?.type, third?.type]).toEqual([
      'message.accepted',
      'message.sending',
      'message.sent',
    ]);
    expect(receipts.map((step) => [step.type, step.detail.status])).toEqual([
      ['message.receipt', 'sent'],
      ['message.receipt', 'delivered'],
    ]);

    const conversation = await until('the conversation list to show it', async () => {
      const found = await stand.conversationWith(phone);
      return found?.lastMessage?.id === reply.id && found;
    });
    expect(conversation.lastMessage).toMatchObject({ direction: 'outbound', status: 'delivered' });
    expect((await stand.conversations())[0]!.id).toBe(conversation.id);

    const ours = () => events.heard.filter((one) => one.conversationId === conversation.id);
    await until('the watcher to hear of the delivery', () => ours().at(-1)?.status === 'delivered');
    expect(ours().map((one) => [one.type, one.status])).toEqual([
      ['message.received', 'received'],
      ['turn.started', null],
      ['turn.completed', null],
      ['message.accepted', 'queued'],
      ['message.sending', 'sending'],
      ['message.sent', 'sent'],
      // Nothing new: it was sent already.
      ['message.receipt', null],
      ['message.receipt', 'delivered'],
    ]);
    expect(new Set(events.heard.map((one) => one.id)).size).toBe(events.heard.length);
    onPhone.close();
    events.close();
  });

  test.each([
    ['without a signature', {}],
    ['with a wrong signature', { 'x-twilio-signature': 'bm90IG91cnM=' }],
  ])('is refused when it comes %s, and leaves no message', async (_, headers: Record<string, string>) => {
    const phone = newPhone();
    const answer = await fetch(`${stand.server().url}/webhooks/twilio/sms`, {
      method: 'POST',
      headers,
      body: new URLSearchParams({
        MessageSid: `SM${'1'.repeat(32)}`,
        From: phone,
        To: ourNumber,
        Body: 'Hi',
      }),
    });
    expect(answer.status).toBe(403);
    expect(await stand.conversationWith(phone)).toBeUndefined();
  });

  test('carries a picture in, and pictures out', async () => {
    const phone = newPhone();
    await stand.text(phone, 'Look', [{ contentType: 'image/png', base64: picture }]);
    const [question] = await delivered(phone, 1);
    expect(question!.mediaUrls).toHaveLength(1);
    expect(model.asked.some((asked) => lastText(asked) === 'Look\n[sent 1 picture]')).toBe(true);

    const mediaUrls = ['https://pictures.example/one.jpg', 'https://pictures.example/two.jpg'];
    await stand.api('POST', '/v1/messages', { to: phone, body: 'Here', mediaUrls });
    await delivered(phone, 2);
    expect((await stand.ledger(phone)).map((one) => one.mediaUrls)).toEqual([[], mediaUrls]);
  });

  test('gets a long reply in parts, whole and in order', async () => {
    const phone = newPhone();
    await stand.text(phone, 'Something long, please');
    const parts = outbound(await delivered(phone, 3));
    expect(parts.map((one) => one.part)).toEqual([1, 2, 3].map((index) => ({ index, count: 3 })));
    const arrived = (await stand.ledger(phone)).map((one) => one.body);
    expect(arrived).toEqual(parts.map((one) => one.body));
    expect(arrived.join(' ')).toBe(longReply);
  });
});

test('webhooks that come five times, at once and shuffled among others, have one effect each', async () => {
  const early = Array.from({ length: 12 }, newPhone);
  const late = Array.from({ length: 12 }, newPhone);
  const body = (phone: string) => `Text of ${phone.slice(-4)}`;
  const repeat = await stand.fault({ on: 'inbound', effect: { kind: 'repeat', times: 5 } });
  const typed = await Promise.all(early.map((phone) => stand.textAndWait(phone, body(phone))));
  expect(typed.map((one) => one.webhook)).toEqual(early.map(() => ({ status: 200, attempts: 5 })));
  await stand.control('DELETE', `/faults/${repeat.id}`);

  const [replayed, others] = await Promise.all([
    stand.control<{ data: { status: number }[] }>('POST', '/webhooks/replay', {
      messageSid: typed.map((one) => one.sid),
      times: 5,
      shuffle: true,
    }),
    Promise.all(late.map((phone) => stand.textAndWait(phone, body(phone)))),
  ]);
  expect(replayed.data.map((one) => one.status)).toEqual(Array(60).fill(200));
  expect(others.map((one) => one.webhook!.status)).toEqual(Array(12).fill(200));
  await stand.settled();

  for (const phone of [...early, ...late]) {
    expect(inbound(await stand.messages(phone)).map((one) => one.body)).toEqual([body(phone)]);
    expect((await stand.ledger(phone)).map((one) => one.body)).toEqual([replyTo(body(phone))]);
  }
});

test('STOP is kept and shown, the assistant stays silent, and what is sent later fails with the reason', async () => {
  const phone = newPhone();
  await stand.text(phone, 'Hello');
  await delivered(phone, 1);
  const stop = await stand.textAndWait(phone, 'Stop');
  expect(stop.webhook!.status).toBe(200);
  await stand.settled();
  expect(await stand.ledger(phone)).toHaveLength(1);
  expect(model.asked.some((asked) => lastText(asked).includes('Stop'))).toBe(false);
  const kept = inbound(await stand.messages(phone)).at(-1)!;
  expect(kept.body).toBe('Stop');
  const record = await stand.record(kept.id);
  expect(types(record)).toEqual([
    'message.received',
    'message.verified',
    'message.screened',
    'message.routed',
  ]);
  expect(record.steps[2]!.summary).toContain('STOP');

  const { id } = await stand.api<Message>('POST', '/v1/messages', { to: phone, body: 'Are you sure?' });
  const refused = await until('the refusal', async () => {
    const message = await stand.record(id);
    return message.status === 'failed' && message;
  });
  expect(refused.errorCode).toBe('21610');
  expect(refused.errorMessage).toMatch(/^\S.*\.$/);
  expect(await stand.ledger(phone)).toHaveLength(1);
});

test('two quick texts have their turns one after the other, and the replies keep their order', async () => {
  const phone = newPhone();
  const before = model.asked.length;
  const answering = Promise.withResolvers<void>();
  thinking = answering.promise;
  await stand.text(phone, 'one');
  await until('the first turn', () => model.asked.length === before + 1);
  expect((await stand.textAndWait(phone, 'two')).webhook!.status).toBe(200);
  const turns = await stand.db.query<{ status: string }>(
    `select status from turns where status in ('waiting', 'running') order by status`,
  );
  expect(turns.map((one) => one.status)).toEqual(['running', 'waiting']);
  // Longer than a lease: the turn that is under way is not taken from its worker.
  await until('the lease to be renewed', async () => {
    const [row] = await stand.db.query<{ age: number }>(
      `select extract(epoch from now() - min(created_at))::float8 as age from turns where status = 'running'`,
    );
    return row!.age > 2.5;
  });
  expect(model.asked).toHaveLength(before + 1);
  answering.resolve();
  thinking = null;
  await delivered(phone, 2);
  expect((await stand.ledger(phone)).map((one) => one.body)).toEqual([replyTo('one'), replyTo('two')]);
  const second = model.asked.at(-1)!.filter((one) => one.role !== 'system');
  expect(second.map((one) => one.content)).toEqual(['one', replyTo('one'), 'two']);
});

test('a graceful stop in the middle of sending and answering loses nothing and doubles nothing', async () => {
  const sends = Array.from({ length: 200 }, (_, i) => ({
    to: `+1202556${1000 + (i % 40)}`,
    body: `Send ${i}`,
  }));
  const texts = Array.from({ length: 50 }, (_, i) => ({ phone: `+1202557${1000 + i}`, body: `Ask ${i}` }));
  const taken = new Set<string>();
  const stopping = Promise.withResolvers<void>();
  const waiting = [...sends];
  const client = async () => {
    for (let send = waiting.shift(); send; send = waiting.shift()) {
      const answer = await stand.request('POST', '/v1/messages', send).catch(() => null);
      if (answer?.status === 202) taken.add(send.body);
      else if (answer) throw new Error(`The API answered ${answer.status}.`);
      if (taken.size === 60) stopping.resolve();
    }
  };
  const typing = texts.map(({ phone, body }) => stand.textAndWait(phone, body));
  const clients = Array.from({ length: 8 }, client);
  await stopping.promise;
  const began = performance.now();
  const { code } = await stand.server().stop();
  expect(code).toBe(0);
  // Clients keep their connections open; the stop waits for requests under way, not for them.
  expect(performance.now() - began).toBeLessThan(8_000);
  await Promise.all(clients);
  const out = (await stand.ledger()).filter((one) => one.body.startsWith('Send '));
  // It stopped in the middle: not all of the sends were taken, and all that were are either gone or kept.
  expect(taken.size).toBeLessThan(200);
  expect(out.length).toBeLessThanOrEqual(taken.size);
  await stand.restart();
  expect((await Promise.all(typing)).map((one) => one.webhook!.status)).toEqual(texts.map(() => 200));
  await stand.settled();

  const ledger = await stand.ledger();
  const count = (body: string) => ledger.filter((one) => one.body === body).length;
  expect(sends.filter(({ body }) => taken.has(body) && count(body) !== 1)).toEqual([]);
  // What got no answer is unknown to its sender, but never out twice.
  expect(sends.filter(({ body }) => count(body) > 1)).toEqual([]);
  expect(texts.filter(({ body }) => count(replyTo(body)) !== 1)).toEqual([]);
  const [rows] = await stand.db.query<{ inbound: number; ids: number }>(
    `select count(*)::int as inbound, count(distinct provider_sid)::int as ids from messages
     where direction = 'inbound' and body like 'Ask %'`,
  );
  expect(rows).toEqual({ inbound: 50, ids: 50 });
});
