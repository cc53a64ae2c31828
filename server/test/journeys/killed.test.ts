import type { Fault } from '@trunkline/contract/simulator';
import { afterAll, describe, expect, test } from 'vitest';
import { createDatabase } from '../database.ts';
import { wentBack } from './going-back.ts';
import { armStall, type Ending, installStalls, type Step } from './stall.ts';
import { openStand, type Stand } from './stand.ts';
import { until } from './until.ts';

/** Where the server is killed: in the writing of a step, or while the provider is being called. */
type Kill = { at: Step; ending: Ending } | { at: 'the provider call' };
type Effect = Fault['effect'];
type Case = {
  kills: Kill[];
  /** What the provider does with the first request that brings the reply. */
  provider?: Effect;
  /** What becomes of the receipts. */
  receipts?: 'dropped' | 'early';
};

const endings: Ending[] = ['undone', 'done'];
const bothWays = (at: Step, rest: Omit<Case, 'kills'> = {}, before: Kill[] = []): Case[] =>
  endings.map((ending) => ({ kills: [...before, { at, ending }], ...rest }));
const hanging = (provider: Effect, receipts?: Case['receipts']): Case => ({
  kills: [{ at: 'the provider call' }],
  provider,
  ...(receipts ? { receipts } : {}),
});
const error = (accept: boolean): Effect => ({ kind: 'error', status: 500, accept });
const reset = (accept: boolean): Effect => ({ kind: 'reset', accept });

const cases: Case[] = [
  ...bothWays('the text is recorded'),
  ...bothWays('the turn begins'),
  ...bothWays('the reply is accepted, early'),
  ...bothWays('the reply is accepted'),
  ...bothWays('the reply is claimed'),
  hanging({ kind: 'timeout', accept: true }),
  hanging({ kind: 'timeout', accept: true }, 'dropped'),
  hanging({ kind: 'timeout', accept: false }),
  hanging({ kind: 'latency', ms: 10_000 }),
  hanging({ kind: 'latency', ms: 10_000 }, 'dropped'),
  ...bothWays('the reply is settled'),
  ...bothWays('the reply is settled', { receipts: 'dropped' }),
  ...bothWays('the receipt is taken'),
  ...bothWays('the receipt is taken', { receipts: 'early' }),
  // What the provider's answer leaves open, or refuses.
  ...bothWays('the outcome is unclear', { provider: reset(true), receipts: 'dropped' }),
  ...bothWays('the outcome is unclear', { provider: reset(false) }),
  ...bothWays('the outcome is unclear', { provider: error(true), receipts: 'dropped' }),
  ...bothWays('the outcome is unclear', { provider: error(false) }),
  ...bothWays('the outcome is found', { provider: reset(true), receipts: 'dropped' }),
  ...bothWays('it is sent again', { provider: error(false) }),
  ...bothWays('a retry is settled', { provider: { kind: 'error', status: 429 } }),
  // Killed again in the repair of the first kill.
  ...bothWays('the turn is put back', {}, [{ at: 'the turn begins', ending: 'done' }]),
  ...bothWays('the outcome is unclear', {}, [{ at: 'the reply is claimed', ending: 'done' }]),
  ...bothWays('it is sent again', {}, [{ at: 'the reply is claimed', ending: 'done' }]),
];

const titled = cases.map((one) => {
  const kills = one.kills.map((kill) => `${kill.at}${'ending' in kill ? ` (${kill.ending})` : ''}`);
  const { provider } = one;
  const taken = provider && 'accept' in provider ? `, ${provider.accept ? 'taken' : 'not taken'}` : '';
  const facts = [
    provider && `provider: ${provider.kind}${'status' in provider ? ` ${provider.status}` : ''}${taken}`,
    one.receipts && `receipts ${one.receipts}`,
  ].filter(Boolean);
  return [`${kills.join(', then where ')}${facts.length > 0 ? `; ${facts.join('; ')}` : ''}`, one] as const;
});

type World = { stand: Stand; close(): Promise<void> };

/** The worlds cases run in, as many as run at once; one that a case broke is not used again. */
const idle: World[] = [];
const openWorld = async (): Promise<World> => {
  const database = await createDatabase();
  const stand = await openStand({ databaseUrl: database.url });
  await installStalls(stand.db);
  return {
    stand,
    async close() {
      await stand.close();
      await database.drop();
    },
  };
};
const inStand = async (journey: (stand: Stand) => Promise<void>) => {
  const world = idle.pop() ?? (await openWorld());
  try {
    await journey(world.stand);
  } catch (error) {
    await world.close();
    throw error;
  }
  idle.push(world);
};
afterAll(async () => {
  await Promise.all(idle.map((world) => world.close()));
});

let phones = 0;
const newPhone = () => `+1202555${String(2000 + phones++)}`;

/** Kills the server at one place after the other, starting it again each time. `begin` sets the text going. */
const killAt = async (stand: Stand, kills: Kill[], called: () => Promise<boolean>, begin: () => unknown) => {
  for (const [i, kill] of kills.entries()) {
    const stall = 'ending' in kill ? await armStall(stand.db, kill.at) : null;
    if (i === 0) begin();
    else await stand.restart();
    if (stall) await stall.reached();
    else await until('the call to the provider', called);
    await stand.server().kill();
    if (stall && 'ending' in kill) await stall.end(kill.ending);
  }
  await stand.restart();
};

describe.concurrent('the server is killed where', () => {
  test.each(titled)('%s: one reply all the same', { timeout: 60_000 }, (_, one) =>
    inStand(async (stand) => {
      const phone = newPhone();
      const match = { to: phone };
      const fault = one.provider && (await stand.fault({ match, effect: one.provider, times: 1 }));
      if (one.receipts === 'dropped') await stand.fault({ on: 'status', match, effect: { kind: 'drop' } });
      if (one.receipts === 'early') await stand.fault({ match, effect: { kind: 'early' } });
      const question = `What is 12*${phone.slice(-4)}?`;

      let webhook: ReturnType<Stand['textAndWait']> | undefined;
      const called = async () => (await stand.used(fault!.id)) > 0;
      await killAt(stand, one.kills, called, () => {
        webhook = stand.textAndWait(phone, question);
      });
      const typed = await webhook!;
      expect(typed.webhook!.status).toBe(200);
      await stand.settled();

      const ledger = await stand.ledger(phone);
      expect(ledger.map((entry) => entry.body)).toEqual([
        expect.stringContaining(`12 * ${phone.slice(-4)} = ${12 * Number(phone.slice(-4))}`),
      ]);
      const shown = await until('the delivery to be shown', async () => {
        const messages = await stand.messages(phone);
        const last = messages.at(-1)!.status;
        return (
          (one.receipts === 'dropped' ? ['sent', 'delivered'] : ['delivered']).includes(last) && messages
        );
      });
      expect(shown.map(({ direction, body, providerSid }) => ({ direction, body, providerSid }))).toEqual([
        { direction: 'inbound', body: question, providerSid: typed.sid },
        { direction: 'outbound', body: ledger[0]!.body, providerSid: ledger[0]!.sid },
      ]);
      const turns = await stand.db.query<{ status: string; reply: string }>(
        'select status, reply_message_id as reply from turns where conversation_id = $1',
        [shown[0]!.conversationId],
      );
      expect(turns).toEqual([{ status: 'done', reply: shown[1]!.id }]);
      expect(await wentBack(stand.db)).toEqual([]);
    }),
  );

  // A client that got no answer doesn't know; but what was answered 202 leaves, once, and what was rolled back doesn't.
  test.each([
    ['its send was answered 202', null, 1],
    ['the commit of its send was undone', 'undone', 0],
    ['the commit of its send was done', 'done', 1],
  ] as const)('%s', { timeout: 60_000 }, (_, ending, times) =>
    inStand(async (stand) => {
      const to = newPhone();
      if (ending === null) {
        const answer = await stand.request('POST', '/v1/messages', { to, body: 'Once' });
        await stand.server().kill();
        expect(answer.status).toBe(202);
        await stand.restart();
      } else {
        let answer: Promise<Response | null> | undefined;
        const kills: Kill[] = [{ at: 'the reply is accepted', ending }];
        await killAt(
          stand,
          kills,
          async () => false,
          () => {
            answer = stand.request('POST', '/v1/messages', { to, body: 'Once' }).catch(() => null);
          },
        );
        expect(await answer).toBeNull();
      }
      await stand.settled();
      expect(await stand.ledger(to)).toHaveLength(times);
      expect(await stand.messages(to)).toHaveLength(times);
      expect(await wentBack(stand.db)).toEqual([]);
    }),
  );
});
