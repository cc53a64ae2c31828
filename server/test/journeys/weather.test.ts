import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from '@trunkline/contract';
import type { Fault } from '@trunkline/contract/simulator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../database.ts';
import { wentBack } from './going-back.ts';
import { openStand, type Stand } from './stand.ts';
import { until } from './until.ts';

/** As long as a PostgreSQL with some work behind it needs to restart. */
const outageMs = 2_000;
const conversations = 20;
const perConversation = 15;
const phones = Array.from({ length: conversations }, (_, i) => `+1202558${1000 + i}`);
/** Phones whose texts end badly, and how. */
const dead = phones[7]!;
const unreachable = phones[13]!;

const sometimes = (probability: number, effect: Fault['effect'], more: Partial<Fault> = {}): Fault => ({
  effect,
  probability,
  ...more,
});
const weather: Fault[] = [
  { effect: { kind: 'outcome', status: 'failed', code: 30008 }, match: { to: dead } },
  { effect: { kind: 'outcome', status: 'undelivered', code: 30003 }, match: { to: unreachable } },
  sometimes(0.06, { kind: 'error', status: 429, retryAfterSeconds: 1 }),
  sometimes(0.04, { kind: 'error', status: 500, accept: true }),
  sometimes(0.04, { kind: 'error', status: 503, accept: false }),
  sometimes(0.04, { kind: 'reset', accept: true }),
  sometimes(0.04, { kind: 'reset', accept: false }),
  sometimes(0.2, { kind: 'timeout', accept: true }, { times: 3 }),
  sometimes(0.1, { kind: 'early' }),
  sometimes(0.2, { kind: 'repeat', times: 2 }, { on: 'status' }),
  sometimes(0.3, { kind: 'shuffle', ms: 600 }, { on: 'status' }),
  { on: 'inbound', effect: { kind: 'repeat', times: 5 } },
];

let postgres: TestPostgres;
let stand: Stand;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const { url } = await postgres.createDatabase();
  stand = await openStand({ databaseUrl: url, env: { SEND_ATTEMPTS: '20', LOG_LEVEL: 'error' } });
});
afterAll(async () => {
  await stand?.close();
  await postgres?.stop();
});

/** Sends a text as a careful client does: after an answer that leaves it open, it looks before it sends again. */
const send = async (to: string, body: string): Promise<void> => {
  for (;;) {
    const answer = await stand.request('POST', '/v1/messages', { to, body }).catch(() => null);
    if (answer?.status === 202) return;
    if (answer && answer.status < 500) throw new Error(`The API answered ${answer.status}.`);
    const there = await until('the API to answer', () => stand.messages(to).catch(() => null));
    if (there.some((one) => one.body === body)) return;
  }
};

test('300 texts through a storm, with PostgreSQL restarted in it: none lost, none doubled, each conversation in order', {
  timeout: 120_000,
}, async () => {
  for (const fault of weather) await stand.fault(fault);
  const bodies = (phone: string) =>
    Array.from({ length: perConversation }, (_, i) => `Text ${i + 1} to ${phone.slice(-4)}`);
  const sending = Promise.all(
    phones.map(async (phone) => {
      for (const body of bodies(phone)) await send(phone, body);
    }),
  );
  await until('a third of them to be out', async () => (await stand.ledger()).length >= 100);
  await postgres.halt();
  // They arrive while there is no database: what is not written down is not acknowledged, and comes again.
  const typing = phones.map((phone) => stand.textAndWait(phone, `What is 2*${phone.slice(-4)}?`));
  await sleep(outageMs);
  await postgres.resume();
  expect((await Promise.all(typing)).map((one) => one.webhook!.status)).toEqual(phones.map(() => 200));
  await sending;
  await stand.settled(90_000);

  const ends = (message: Message) => !['queued', 'sending', 'unknown', 'sent'].includes(message.status);
  for (const phone of phones) {
    const out = await until('the last receipts', async () => {
      const texts = (await stand.messages(phone)).filter((one) => one.direction === 'outbound');
      return texts.every(ends) && texts;
    });
    const ledger = await stand.ledger(phone);
    const ours = ledger.filter((one) => one.body.startsWith('Text '));
    expect(ours.map((one) => one.body)).toEqual(bodies(phone));
    const replies = ledger.filter((one) => !one.body.startsWith('Text '));
    expect(replies.map((one) => one.body)).toEqual([
      expect.stringContaining(`2 * ${phone.slice(-4)} = ${2 * Number(phone.slice(-4))}`),
    ]);
    expect(out.map((one) => one.providerSid).sort()).toEqual(ledger.map((one) => one.sid).sort());
    const code = phone === dead ? '30008' : phone === unreachable ? '30003' : null;
    const status = phone === dead ? 'failed' : phone === unreachable ? 'undelivered' : 'delivered';
    expect(out.map((one) => [one.status, one.errorCode])).toEqual(out.map(() => [status, code]));
    if (code) for (const one of out) expect(one.errorMessage).toMatch(/^\S.*\.$/);
  }
  expect(await wentBack(stand.db)).toEqual([]);
});
