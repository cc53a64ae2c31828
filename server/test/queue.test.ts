import type { MessageStatus } from '@trunkline/contract';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inMs } from '../src/base/clock.ts';
import type { Database } from '../src/base/db.ts';
import { newId } from '../src/base/ids.ts';
import { quiet } from '../src/base/log.ts';
import { resolveUnclear } from '../src/outbound/resolve.ts';
import type { Provider } from '../src/providers/provider.ts';
import { createTwilio } from '../src/providers/twilio/twilio.ts';
import { applyReceipts, type ReceiptToApply } from '../src/queue/apply-receipts.ts';
import { cancel } from '../src/queue/cancel.ts';
import { claim } from '../src/queue/claim.ts';
import { enqueue } from '../src/queue/enqueue.ts';
import { expire, release } from '../src/queue/release.ts';
import { rescue } from '../src/queue/rescue.ts';
import { type Settlement, settle } from '../src/queue/settle.ts';
import {
  buildCore,
  conversation,
  nextSid,
  number,
  openTestDatabase,
  organization,
  outgoing,
  queued,
  startProvider,
  type TestConversation,
  type TestProvider,
} from './build.ts';

let db: Database;
let owner: { id: string; accountId: string };
let own: { id: string; phoneNumber: string };
let talk: TestConversation;

beforeAll(async () => {
  db = await openTestDatabase(12);
  owner = await organization(db, { webhookKey: null });
  own = await number(db, owner);
});
afterAll(() => db.close());
// The queue is one for everybody: each test begins with an empty one and a contact of its own.
beforeEach(async () => {
  talk = await conversation(db, owner.id, own);
});
afterEach(async () => {
  await db.query('delete from messages');
});

type MessageRow = {
  status: MessageStatus;
  rank: number;
  provider_sid: string | null;
  attempts: number;
  lookups: number;
  error_code: string | null;
  error_message: string | null;
  lease_until: Date | null;
  run_at: Date;
  sent_at: Date | null;
  delivered_at: Date | null;
  segments: number;
  hold_reason: string | null;
};
const read = async (id: string): Promise<MessageRow> =>
  (await db.query<MessageRow>('select *, status_rank(status) as rank from messages where id = $1', [id]))[0]!;
const eventsOf = async (
  id: string,
): Promise<{ type: string; status: string; data: Record<string, unknown> }[]> =>
  db.query('select type, status, data from events where message_id = $1 order by tx, seq', [id]);
const typesOf = async (id: string) => (await eventsOf(id)).map((event) => event.type);

const settlement = (id: string, kind: Settlement['kind'], given: Partial<Settlement> = {}): Settlement => ({
  organizationId: owner.id,
  id,
  attempt: 1,
  kind,
  providerSid: kind === 'sent' ? nextSid() : null,
  segments: null,
  errorCode: kind === 'sent' ? null : '30008',
  errorMessage: kind === 'sent' ? null : 'It did not work.',
  afterMs: 0,
  detail: { latencyMs: 1 },
  ...given,
});

type ReceiptWord = NonNullable<ReceiptToApply['status']>;
const receipt = (
  of: { messageId?: string; providerSid?: string },
  status: ReceiptWord | null,
  given: Partial<ReceiptToApply> = {},
): ReceiptToApply => ({
  organizationId: owner.id,
  messageId: of.messageId ?? null,
  providerSid: of.providerSid ?? nextSid(),
  status,
  rawStatus: status ?? 'odd',
  errorCode: null,
  errorMessage: null,
  ...given,
});

const leaseRunsOut = (id: string) =>
  db.query(`update messages set lease_until = now() - interval '1 second' where id = $1`, [id]);
const fallsDue = (id: string) => db.query('update messages set run_at = now() where id = $1', [id]);

/** A message whose first attempt is under way. */
const sending = async (of = talk): Promise<string> => {
  const id = await queued(db, of);
  expect((await claim(db, 10, 60)).map((one) => one.id)).toEqual([id]);
  return id;
};

describe('claim', () => {
  test('goes by priority, then by time, then by id', async () => {
    const talks = await Promise.all(Array.from({ length: 6 }, () => conversation(db, owner.id, own)));
    const bulk = await queued(db, talks[0]!, { priority: 'bulk' });
    const normal = await queued(db, talks[1]!);
    const earlier = await queued(db, talks[2]!);
    await db.query(`update messages set run_at = now() - interval '1 minute' where id = $1`, [earlier]);
    // One statement, one time: the id decides.
    const twins = [outgoing(talks[3]!, { priority: 'high' }), outgoing(talks[4]!, { priority: 'high' })];
    await enqueue(db, twins.toReversed());
    const urgent = await queued(db, talks[5]!, { priority: 'urgent' });
    const expected = [urgent, twins[0]!.id, twins[1]!.id, earlier, normal, bulk];
    expect((await claim(db, 4, 60)).map((one) => one.id)).toEqual(expected.slice(0, 4));
    expect((await claim(db, 4, 60)).map((one) => one.id)).toEqual(expected.slice(4));
    expect(await claim(db, 4, 60)).toEqual([]);
  });

  test('gives everything an attempt needs, and says it on the record', async () => {
    const expiresAt = inMs(60_000);
    const id = await queued(db, talk, { body: 'Olá', mediaUrls: ['https://a.test/1.png'], expiresAt });
    const [claimed] = await claim(db, 1, 60);
    expect(claimed).toEqual({
      organizationId: owner.id,
      id,
      conversationId: talk.id,
      numberId: own.id,
      from: own.phoneNumber,
      to: talk.to,
      body: 'Olá',
      mediaUrls: ['https://a.test/1.png'],
      attempt: 1,
      expiresAt,
    });
    const row = await read(id);
    expect(row).toMatchObject({ status: 'sending', attempts: 1, lookups: 0 });
    expect(row.lease_until!.getTime()).toBeGreaterThan(Date.now() + 50_000);
    expect(await typesOf(id)).toEqual(['message.accepted', 'message.sending']);
  });

  test('what is not due, held or past its time stays', async () => {
    const later = await queued(db, talk);
    await db.query(`update messages set run_at = now() + interval '1 hour' where id = $1`, [later]);
    const others = await Promise.all([1, 2].map(() => conversation(db, owner.id, own)));
    await queued(db, others[0]!, { hold: { reason: 'Wait.', until: inMs(-1) } });
    await queued(db, others[1]!, { expiresAt: inMs(-1) });
    expect(await claim(db, 10, 60)).toEqual([]);
  });

  test('a conversation keeps its order through retry, unknown and a better priority behind', async () => {
    const first = await queued(db, talk, { priority: 'bulk' });
    const second = await queued(db, talk, { priority: 'urgent' });
    const claimedIds = async () => (await claim(db, 10, 60)).map((one) => one.id);

    expect(await claimedIds()).toEqual([first]);
    expect(await claimedIds()).toEqual([]);
    await settle(db, [settlement(first, 'retry', { afterMs: 60_000 })]);
    expect((await read(first)).status).toBe('queued');
    expect(await claimedIds()).toEqual([]);
    await fallsDue(first);
    expect(await claimedIds()).toEqual([first]);
    await settle(db, [settlement(first, 'unknown', { attempt: 2 })]);
    expect(await claimedIds()).toEqual([]);
    await settle(db, [settlement(first, 'sent', { attempt: 2 })]);
    expect(await claimedIds()).toEqual([second]);
  });

  test.each<[string, (id: string) => Promise<unknown>]>([
    ['failed', (id) => settle(db, [settlement(id, 'failed')])],
    ['received a receipt', (id) => applyReceipts(db, [receipt({ messageId: id }, 'sent')])],
  ])('the next goes once the one ahead has %s', async (_, end) => {
    const first = await sending();
    const second = await queued(db, talk);
    expect(await claim(db, 10, 60)).toEqual([]);
    await end(first);
    expect((await claim(db, 10, 60)).map((one) => one.id)).toEqual([second]);
  });

  test.each<[string, Parameters<typeof queued>[2], (id: string) => Promise<unknown>]>([
    ['canceled', {}, (id) => cancel(db, owner.id, id, 'a person')],
    ['expired', { expiresAt: inMs(-1) }, () => expire(db)],
    ['held', { hold: { reason: 'Wait.', until: null } }, async () => {}],
  ])('one that is %s keeps nobody waiting', async (_, given, end) => {
    const first = await queued(db, talk, given);
    const second = await queued(db, talk);
    await end(first);
    expect((await claim(db, 10, 60)).map((one) => one.id)).toEqual([second]);
  });

  test('eight workers never claim the same text, nor two of one conversation at once', async () => {
    const talks = await Promise.all(Array.from({ length: 20 }, () => conversation(db, owner.id, own)));
    const texts = talks.flatMap((of) => Array.from({ length: 6 }, () => outgoing(of)));
    await enqueue(db, texts);
    const underWay = new Set<string>();
    const order = new Map<string, string[]>();
    let done = 0;
    const worker = async () => {
      while (done < texts.length) {
        const batch = await claim(db, 7, 60);
        for (const one of batch) {
          expect(underWay.has(one.conversationId)).toBe(false);
          underWay.add(one.conversationId);
          order.set(one.conversationId, [...(order.get(one.conversationId) ?? []), one.id]);
        }
        // Free before the settle is committed: from then on another worker may be quicker than we are.
        for (const one of batch) underWay.delete(one.conversationId);
        await settle(
          db,
          batch.map((one) => settlement(one.id, 'sent')),
        );
        done += batch.length;
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    for (const of of talks)
      expect(order.get(of.id)).toEqual(
        texts.filter((one) => one.conversationId === of.id).map((one) => one.id),
      );
    const [row] = await db.query('select count(*)::int as sent, max(attempts) as attempts from messages');
    expect(row).toEqual({ sent: texts.length, attempts: 1 });
  });
});

describe('rescue', () => {
  test('a lease that runs out is an unknown outcome, never another attempt', async () => {
    const id = await sending();
    expect(await rescue(db)).toBe(0);
    await leaseRunsOut(id);
    expect(await rescue(db)).toBe(1);
    expect(await rescue(db)).toBe(0);
    expect(await read(id)).toMatchObject({
      status: 'unknown',
      attempts: 1,
      lease_until: null,
      error_code: null,
    });
    expect((await read(id)).error_message).toMatch(/stopped before/);
    expect(await claim(db, 10, 60)).toEqual([]);
    expect((await typesOf(id)).at(-1)).toBe('message.unknown');
  });

  test('the worker that was only slow still settles its own attempt', async () => {
    const id = await sending();
    await leaseRunsOut(id);
    await rescue(db);
    expect(await settle(db, [settlement(id, 'sent', { providerSid: 'SM1' })])).toEqual([true]);
    expect(await read(id)).toMatchObject({ status: 'sent', provider_sid: 'SM1', error_message: null });
  });
});

describe('settle', () => {
  test.each<[Settlement['kind'], Partial<Settlement>, Partial<MessageRow>, string]>([
    [
      'sent',
      { providerSid: 'SM1', segments: 3 },
      { status: 'sent', provider_sid: 'SM1', segments: 3 },
      'message.sent',
    ],
    ['retry', {}, { status: 'queued', error_code: '30008', sent_at: null }, 'message.retrying'],
    ['unknown', {}, { status: 'unknown', error_code: '30008', sent_at: null }, 'message.unknown'],
    [
      'failed',
      {},
      { status: 'failed', error_code: '30008', error_message: 'It did not work.' },
      'message.failed',
    ],
  ])('%s', async (kind, given, expected, type) => {
    const id = await sending();
    expect(await settle(db, [settlement(id, kind, given)])).toEqual([true]);
    expect(await read(id)).toMatchObject({ ...expected, lease_until: null });
    const last = (await eventsOf(id)).at(-1)!;
    expect(last).toMatchObject({ type, status: expected.status, data: { attempt: 1, latencyMs: 1 } });
  });

  test.each(['retry', 'unknown'] as const)('%s comes again when it is time', async (kind) => {
    const id = await sending();
    await settle(db, [settlement(id, kind, { afterMs: 60_000 })]);
    const wait = (await read(id)).run_at.getTime() - Date.now();
    expect(wait).toBeGreaterThan(55_000);
    expect(wait).toBeLessThan(65_000);
  });

  test('of many in one statement, each in order says whether it was its own', async () => {
    const talks = await Promise.all([1, 2, 3].map(() => conversation(db, owner.id, own)));
    const ids = await Promise.all(talks.map((of) => queued(db, of)));
    await claim(db, 10, 60);
    const all = [
      settlement(ids[0]!, 'sent'),
      settlement(ids[1]!, 'sent', { attempt: 2 }),
      settlement(newId(), 'sent'),
      settlement(ids[2]!, 'failed'),
      settlement(ids[1]!, 'sent', { organizationId: newId() }),
    ];
    expect(await settle(db, all)).toEqual([true, false, false, true, false]);
    expect((await read(ids[1]!)).status).toBe('sending');
  });

  test.each(['sent', 'retry', 'unknown', 'failed'] as const)(
    'an older attempt that settles late as %s writes nothing',
    async (kind) => {
      const id = await sending();
      await settle(db, [settlement(id, 'retry')]);
      await claim(db, 10, 60);
      const before = [await read(id), await eventsOf(id)];
      expect(await settle(db, [settlement(id, kind, { attempt: 1 })])).toEqual([false]);
      expect([await read(id), await eventsOf(id)]).toEqual(before);
    },
  );

  test.each(['retry', 'unknown', 'failed'] as const)(
    'nothing is settled twice: %s after sent',
    async (kind) => {
      const id = await sending();
      await settle(db, [settlement(id, 'sent')]);
      const before = [await read(id), await eventsOf(id)];
      expect(await settle(db, [settlement(id, kind)])).toEqual([false]);
      expect([await read(id), await eventsOf(id)]).toEqual(before);
    },
  );

  test('after a receipt without sid came early, a settle fills in the sid and nothing else', async () => {
    const id = await sending();
    await applyReceipts(db, [receipt({ messageId: id, providerSid: 'SM1' }, 'delivered')]);
    await db.query('update messages set provider_sid = null where id = $1', [id]);
    const { provider_sid: _, ...before } = await read(id);
    await settle(db, [settlement(id, 'sent', { providerSid: 'SM1' })]);
    expect(await read(id)).toEqual({ ...before, provider_sid: 'SM1' });
  });

  test('after an early receipt with the sid, a settle changes nothing', async () => {
    const id = await sending();
    await applyReceipts(db, [
      receipt({ messageId: id, providerSid: 'SM1' }, 'undelivered', {
        errorCode: '30003',
        errorMessage: 'Off.',
      }),
    ]);
    const before = await read(id);
    expect(before).toMatchObject({ status: 'undelivered', provider_sid: 'SM1', lease_until: null });
    for (const kind of ['sent', 'retry', 'unknown', 'failed'] as const)
      await settle(db, [settlement(id, kind, { providerSid: 'SM1' })]);
    expect(await read(id)).toEqual(before);
  });

  test('a sid that belongs to another text is refused whole', async () => {
    const [one, two] = [await sending(), await sending(await conversation(db, owner.id, own))];
    await settle(db, [settlement(one, 'sent', { providerSid: 'SM1' })]);
    await expect(settle(db, [settlement(two, 'sent', { providerSid: 'SM1' })])).rejects.toMatchObject({
      code: '23505',
    });
    expect((await read(two)).status).toBe('sending');
  });
});

describe('applyReceipts', () => {
  const words: ReceiptWord[] = ['sent', 'delivered', 'undelivered', 'failed', 'read', 'canceled'];

  /** The rule in one line each: forward only, and of the terminal ones the first stays, but delivered may become read. */
  const after = (status: string, word: ReceiptWord): string => {
    if (['read', 'undelivered', 'failed', 'canceled', 'expired'].includes(status)) return status;
    if (status === 'delivered') return word === 'read' ? 'read' : status;
    if (status === 'sent' && word === 'sent') return status;
    return word;
  };

  test.each(words.flatMap((one) => words.map((two) => [one, two] as const)))(
    '%s, then %s, then both again',
    async (one, two) => {
      const id = await sending();
      const sid = nextSid();
      let status = 'sending';
      for (const word of [one, two, one, two]) {
        await applyReceipts(db, [receipt({ messageId: id, providerSid: sid }, word)]);
        status = after(status, word);
        expect((await read(id)).status).toBe(status);
      }
      expect((await eventsOf(id)).filter((event) => event.type === 'message.receipt')).toHaveLength(4);
    },
  );

  test('whatever comes in whatever order, with a settle anywhere between, the status never goes back', async () => {
    const step = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({
          word: fc.constantFrom<ReceiptWord | null>(...words, null),
          by: fc.constantFrom('id', 'sid'),
        }),
      },
      { weight: 1, arbitrary: fc.constant('rescue' as const) },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 7 }),
        fc.constantFrom<Settlement['kind']>('sent', 'unknown', 'failed', 'retry'),
        fc.nat(7),
        async (steps, kind, at) => {
          const id = await sending(await conversation(db, owner.id, own));
          const sid = nextSid();
          let last = await read(id);
          let terminal: string | null = null;
          let receipts = 0;
          const all: ((typeof steps)[number] | 'settle')[] = steps.toSpliced(
            Math.min(at, steps.length),
            0,
            'settle' as never,
          );
          for (const one of all) {
            if (one === 'settle')
              await settle(db, [
                settlement(id, kind, { providerSid: kind === 'sent' ? sid : null, afterMs: 3_600_000 }),
              ]);
            else if (one === 'rescue') {
              await leaseRunsOutIfLeased(id);
              await rescue(db);
            } else {
              const known = one.by === 'id' || last.provider_sid === sid;
              const to = one.by === 'id' ? { messageId: id, providerSid: sid } : { providerSid: sid };
              expect(await applyReceipts(db, [receipt(to, one.word)])).toEqual([known]);
              if (known) receipts += 1;
            }
            const row = await read(id);
            const backToQueue =
              one === 'settle' && kind === 'retry' && ['sending', 'unknown'].includes(last.status);
            if (!backToQueue) expect(row.rank).toBeGreaterThanOrEqual(last.rank);
            if (terminal !== null && row.status !== terminal)
              expect([terminal, row.status]).toEqual(['delivered', 'read']);
            if (row.rank >= 40) terminal = row.status;
            if (last.provider_sid !== null) expect(row.provider_sid).toBe(last.provider_sid);
            last = row;
          }
          expect(
            await typesOf(id).then((types) => types.filter((type) => type === 'message.receipt')),
          ).toHaveLength(receipts);
        },
      ),
      { numRuns: 60 },
    );
  });

  const leaseRunsOutIfLeased = (id: string) =>
    db.query(
      `update messages set lease_until = now() - interval '1 second' where id = $1 and status = 'sending'`,
      [id],
    );

  test('several of one message in one batch are one step, and each is on the record in order', async () => {
    const id = await sending();
    const sid = nextSid();
    const batch = (['delivered', 'sent', null, 'delivered'] as const).map((word) =>
      receipt({ messageId: id, providerSid: sid }, word),
    );
    expect(await applyReceipts(db, batch)).toEqual([true, true, true, true]);
    expect(await read(id)).toMatchObject({ status: 'delivered', provider_sid: sid });
    const events = (await eventsOf(id)).filter((event) => event.type === 'message.receipt');
    expect(events.map((event) => event.data.status)).toEqual(['delivered', 'sent', 'odd', 'delivered']);
    expect(new Set(events.map((event) => event.status))).toEqual(new Set(['delivered']));
  });

  test('by our id and by sid in one batch', async () => {
    const id = await sending();
    await settle(db, [settlement(id, 'sent', { providerSid: 'SM1' })]);
    const batch = [
      receipt({ providerSid: 'SM1' }, 'sent'),
      receipt({ messageId: id, providerSid: 'SM1' }, 'delivered'),
      receipt({ providerSid: 'SM2' }, 'failed'),
    ];
    expect(await applyReceipts(db, batch)).toEqual([true, true, false]);
    expect((await read(id)).status).toBe('delivered');
  });

  test.each<[string, (id: string) => Partial<ReceiptToApply>]>([
    ['an id that is not ours', () => ({ messageId: newId() })],
    ['a sid that is not ours', () => ({ messageId: null, providerSid: 'SM0' })],
    ["another organization's message by id", (id) => ({ messageId: id, organizationId: newId() })],
    [
      "another organization's message by sid",
      () => ({ messageId: null, providerSid: 'SM1', organizationId: newId() }),
    ],
  ])('%s: not found, nothing written', async (_, given) => {
    const id = await sending();
    await settle(db, [settlement(id, 'sent', { providerSid: 'SM1' })]);
    const before = [await read(id), await eventsOf(id)];
    expect(await applyReceipts(db, [receipt({}, 'failed', given(id))])).toEqual([false]);
    expect([await read(id), await eventsOf(id)]).toEqual(before);
  });

  test('an incoming text has no receipts', async () => {
    const id = newId();
    await db.query(
      `insert into messages (organization_id, id, conversation_id, number_id, direction, status, author, provider_sid,
         from_address, to_address, body, segments, encoding)
       values ($1, $2, $3, $4, 'inbound', 'received', 'contact', 'SM1', $5, $6, '', 1, 'gsm7')`,
      [owner.id, id, talk.id, own.id, talk.to, own.phoneNumber],
    );
    expect(
      await applyReceipts(db, [
        receipt({ messageId: id }, 'failed'),
        receipt({ providerSid: 'SM1' }, 'failed'),
      ]),
    ).toEqual([false, false]);
    expect((await read(id)).status).toBe('received');
  });

  test('says when it was sent and delivered, and why not', async () => {
    const id = await sending();
    await applyReceipts(db, [receipt({ messageId: id }, 'sent')]);
    const sent = await read(id);
    expect(sent.sent_at).not.toBeNull();
    expect(sent.delivered_at).toBeNull();
    await applyReceipts(db, [receipt({ messageId: id }, 'read')]);
    expect((await read(id)).delivered_at).not.toBeNull();
    expect((await read(id)).sent_at).toEqual(sent.sent_at);

    const failed = await sending(await conversation(db, owner.id, own));
    await applyReceipts(db, [
      receipt({ messageId: failed }, 'undelivered', {
        errorCode: '30003',
        errorMessage: 'The phone is off.',
      }),
      receipt({ messageId: failed }, 'sent'),
    ]);
    expect(await read(failed)).toMatchObject({
      status: 'undelivered',
      error_code: '30003',
      error_message: 'The phone is off.',
      delivered_at: null,
    });
  });

  test('a receipt of a text that was queued again after an unclear attempt keeps it from going out twice', async () => {
    const id = await sending();
    await settle(db, [settlement(id, 'unknown')]);
    await db.query(`update messages set status = 'queued' where id = $1`, [id]);
    await applyReceipts(db, [receipt({ messageId: id, providerSid: 'SM1' }, 'sent')]);
    expect(await claim(db, 10, 60)).toEqual([]);
    expect(await read(id)).toMatchObject({ status: 'sent', provider_sid: 'SM1' });
  });

  test('a receipt whose sid another text has adopted still counts for the message it names', async () => {
    const [adopter, named] = [await sending(), await sending(await conversation(db, owner.id, own))];
    await settle(db, [settlement(adopter, 'sent', { providerSid: 'SM1' })]);
    expect(await applyReceipts(db, [receipt({ messageId: named, providerSid: 'SM1' }, 'delivered')])).toEqual(
      [true],
    );
    expect(await read(named)).toMatchObject({ status: 'delivered', provider_sid: null });
    expect((await read(adopter)).status).toBe('sent');
  });
});

describe('resolving unclear attempts', () => {
  let provider: Provider;
  let twilio: TestProvider;
  let core: Awaited<ReturnType<typeof buildCore>>;
  beforeAll(async () => {
    provider = createTwilio();
    twilio = await startProvider();
    core = await buildCore(db, { apiUrl: twilio.url });
  });
  afterAll(async () => {
    await core.close();
    await provider.close();
    await twilio.close();
  });
  afterEach(() => {
    twilio.taken.length = 0;
    twilio.listStatus = 0;
  });

  const look = (graceMs = 0) =>
    resolveUnclear({ db, directory: core.directory, provider, log: quiet, graceMs, leaseSeconds: 60 });
  const unclear = async (of = talk): Promise<string> => {
    const id = await sending(of);
    await settle(db, [settlement(id, 'unknown')]);
    return id;
  };
  const takes = (of: TestConversation, given: Partial<(typeof twilio.taken)[number]> = {}): string => {
    const sid = nextSid();
    twilio.taken.push({
      sid,
      from: of.from,
      to: of.to,
      body: 'Hello',
      status: 'delivered',
      statusCallback: null,
      createdAt: new Date(),
      ...given,
    });
    return sid;
  };

  test('what the provider has is adopted, with its state there', async () => {
    const id = await unclear();
    const sid = takes(talk);
    expect(await look()).toBe(1);
    expect(await read(id)).toMatchObject({ status: 'delivered', provider_sid: sid, error_message: null });
    expect((await eventsOf(id)).at(-1)).toMatchObject({
      type: 'message.resolved',
      status: 'delivered',
      data: { taken: true, providerSid: sid },
    });
    expect(await look()).toBe(0);
  });

  test.each<[string, Partial<(typeof twilio.taken)[number]>]>([
    ['to another phone', { to: '+14155559999' }],
    ['from another number', { from: '+14155559999' }],
    ['of other words', { body: 'Hello!' }],
    ['from before the attempt', { createdAt: new Date(Date.now() - 3_600_000) }],
  ])('a text %s is not adopted', async (_, given) => {
    const id = await unclear();
    takes(talk, given);
    await look();
    expect((await read(id)).status).toBe('unknown');
  });

  test('a text that another message has claimed is not adopted', async () => {
    const first = await sending();
    const sid = takes(talk);
    await settle(db, [settlement(first, 'sent', { providerSid: sid })]);
    const second = await unclear();
    await look();
    expect(await read(second)).toMatchObject({ status: 'unknown', provider_sid: null });
  });

  test('two unclear texts of the same words adopt different ones', async () => {
    const service = `MG${'0'.repeat(32)}`;
    const phone = '+14155558888';
    const talks: TestConversation[] = [];
    for (let i = 0; i < 3; i++) {
      const sender = await number(db, owner, { messagingServiceSid: service });
      talks.push(await conversation(db, owner.id, sender, phone));
    }
    const ids: string[] = [];
    for (const of of talks) ids.push(await unclear(of));
    const sids = [takes(talks[0]!), takes(talks[1]!)];
    // Side by side, as two workers would.
    await Promise.all([look(60_000), look(60_000)]);
    const rows = await Promise.all(ids.map(read));
    const adopted = rows.filter((row) => row.status === 'delivered').map((row) => row.provider_sid);
    expect(adopted.toSorted()).toEqual(sids.toSorted());
    expect(rows.filter((row) => row.status === 'unknown')).toHaveLength(1);
  });

  test('two looks that find nothing queue it again, as a new attempt', async () => {
    const id = await unclear();
    await look();
    expect((await read(id)).status).toBe('unknown');
    await look();
    expect(await read(id)).toMatchObject({ status: 'queued', error_code: null });
    expect((await eventsOf(id)).at(-1)).toMatchObject({
      type: 'message.resolved',
      data: { taken: false, attempt: 1 },
    });
    expect(await claim(db, 10, 60)).toMatchObject([{ id, attempt: 2 }]);
    // Looks are counted anew for the new attempt.
    expect((await read(id)).lookups).toBe(0);
  });

  test('the second look comes twice the grace later', async () => {
    const id = await unclear();
    await look(10_000);
    const wait = (await read(id)).run_at.getTime() - Date.now();
    expect(wait).toBeGreaterThan(15_000);
    expect(wait).toBeLessThan(21_000);
  });

  test('a list that fails decides nothing and counts for no look', async () => {
    const id = await unclear();
    twilio.listStatus = 503;
    for (let i = 0; i < 3; i++) {
      await look();
      expect((await read(id)).status).toBe('unknown');
      expect((await read(id)).run_at.getTime()).toBeGreaterThan(Date.now());
      await fallsDue(id);
    }
    twilio.listStatus = 0;
    await look();
    expect((await read(id)).status).toBe('unknown');
    await look();
    expect((await read(id)).status).toBe('queued');
  });

  test('a late settle or receipt before the look ends it', async () => {
    const id = await unclear();
    await applyReceipts(db, [receipt({ messageId: id, providerSid: 'SM1' }, 'sent')]);
    expect(await look()).toBe(0);
    expect((await read(id)).status).toBe('sent');
  });
});

describe('cancel', () => {
  test.each<[string, Parameters<typeof queued>[2]]>([
    ['queued', {}],
    ['held', { hold: { reason: 'Wait.', until: null } }],
  ])('a text that is %s', async (_, given) => {
    const id = await queued(db, talk, given);
    expect(await cancel(db, owner.id, id, 'a person')).toBe(true);
    expect(await read(id)).toMatchObject({ status: 'canceled', hold_reason: null });
    expect((await eventsOf(id)).at(-1)).toMatchObject({ type: 'message.canceled', data: { by: 'a person' } });
    expect(await cancel(db, owner.id, id, 'a person')).toBe(false);
    expect(await claim(db, 10, 60)).toEqual([]);
  });

  test('not one that is being sent, unclear or sent, and none of another organization', async () => {
    const id = await sending();
    expect(await cancel(db, owner.id, id, 'a person')).toBe(false);
    await settle(db, [settlement(id, 'unknown')]);
    expect(await cancel(db, owner.id, id, 'a person')).toBe(false);
    await settle(db, [settlement(id, 'sent')]);
    expect(await cancel(db, owner.id, id, 'a person')).toBe(false);
    const other = await queued(db, talk);
    expect(await cancel(db, newId(), other, 'a person')).toBe(false);
    expect((await read(other)).status).toBe('queued');
  });

  test('a claim and a cancel at the same time: one of them has it', async () => {
    for (let i = 0; i < 20; i++) {
      const id = await queued(db, await conversation(db, owner.id, own));
      const [claimed, canceled] = await Promise.all([
        claim(db, 10, 60),
        cancel(db, owner.id, id, 'a person'),
      ]);
      expect([claimed.some((one) => one.id === id), canceled].filter(Boolean)).toHaveLength(1);
    }
  });
});

describe('release and expire', () => {
  test('a held text goes on when its time has come, not before', async () => {
    const due = await queued(db, talk, { hold: { reason: 'Later.', until: inMs(-1) } });
    const later = await queued(db, talk, { hold: { reason: 'Later.', until: inMs(60_000) } });
    const person = await queued(db, talk, { hold: { reason: 'Ask.', until: null } });
    expect(await release(db)).toBe(1);
    expect(await read(due)).toMatchObject({ status: 'queued', hold_reason: null });
    expect(await typesOf(due)).toEqual(['message.held', 'message.released']);
    expect([(await read(later)).status, (await read(person)).status]).toEqual(['held', 'held']);
  });

  test('what is not sent in time ends, held or queued, and is neither released nor claimed', async () => {
    const over = { expiresAt: inMs(-1) };
    const ids = [
      await queued(db, talk, over),
      await queued(db, talk, { ...over, hold: { reason: 'Later.', until: inMs(-1) } }),
      await queued(db, talk, { ...over, hold: { reason: 'Ask.', until: null } }),
    ];
    const inTime = await queued(db, talk, { expiresAt: inMs(60_000) });
    expect(await release(db)).toBe(0);
    expect(await expire(db)).toBe(3);
    expect(await expire(db)).toBe(0);
    for (const id of ids) {
      const row = await read(id);
      expect(row).toMatchObject({ status: 'expired', hold_reason: null });
      expect(row.error_message).toMatch(/its time was over/);
      expect((await typesOf(id)).at(-1)).toBe('message.expired');
    }
    expect((await claim(db, 10, 60)).map((one) => one.id)).toEqual([inTime]);
  });

  test('one that is being sent does not expire under the worker', async () => {
    const id = await queued(db, talk, { expiresAt: inMs(60_000) });
    await claim(db, 10, 60);
    await db.query(`update messages set expires_at = now() - interval '1 second' where id = $1`, [id]);
    expect(await expire(db)).toBe(0);
    expect((await read(id)).status).toBe('sending');
  });
});

describe('the schema refuses lies', () => {
  const row = (given: Record<string, unknown>) => ({
    organization_id: owner.id,
    id: newId(),
    conversation_id: talk.id,
    number_id: own.id,
    direction: 'outbound',
    status: 'queued',
    author: 'api',
    from_address: '+14155550100',
    to_address: '+14155550101',
    body: 'Hello',
    segments: 1,
    encoding: 'gsm7',
    ...given,
  });
  const insert = (table: string, given: Record<string, unknown>) => {
    const names = Object.keys(given);
    return db.query(
      `insert into ${table} (${names.join(', ')}) values (${names.map((_, i) => `$${i + 1}`).join(', ')})`,
      Object.values(given),
    );
  };
  const refused = (query: Promise<unknown>, code = '23514') => expect(query).rejects.toMatchObject({ code });

  test.each<[string, Record<string, unknown>]>([
    ['an incoming text that is queued', { direction: 'inbound', author: 'contact' }],
    ['an outgoing text that was received', { status: 'received' }],
    ['a direction of its own', { direction: 'sideways' }],
    ['a status of its own', { status: 'lost' }],
    ['an author of its own', { author: 'nobody' }],
    ['an encoding of its own', { encoding: 'utf8' }],
    ['held without a reason', { status: 'held' }],
    ['a reason without being held', { hold_reason: 'Wait.' }],
    ['being sent without a lease', { status: 'sending' }],
    ['a lease without being sent', { lease_until: new Date() }],
    ['unclear without an attempt', { status: 'unknown' }],
    ['a priority of its own', { priority: 4 }],
    ['a priority below zero', { priority: -1 }],
  ])('a message: %s', (_, given) => refused(insert('messages', row(given))));

  test('the row they are made from is taken', async () => {
    await insert('messages', row({}));
  });

  test('two messages of one sid', async () => {
    await insert('messages', row({ provider_sid: 'SM1' }));
    await refused(insert('messages', row({ provider_sid: 'SM1' })), '23505');
  });

  const turn = (given: Record<string, unknown>) => ({
    organization_id: owner.id,
    id: newId(),
    conversation_id: talk.id,
    assistant_id: newId(),
    status: 'waiting',
    last_message_id: newId(),
    ...given,
  });
  test.each<[string, Record<string, unknown>]>([
    ['running without a lease', { status: 'running' }],
    ['a lease without running', { lease_until: new Date() }],
    ['done without an end', { status: 'done' }],
    ['an end while waiting', { finished_at: new Date() }],
    ['a status of its own', { status: 'asleep' }],
  ])('a turn: %s', (_, given) => refused(insert('turns', turn(given))));

  test.each<[string, Record<string, unknown>]>([
    ['waiting', {}],
    ['running', { status: 'running', lease_until: new Date() }],
  ])('two turns of a conversation that are %s', async (_, given) => {
    await insert('turns', turn(given));
    await refused(insert('turns', turn(given)), '23505');
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['answered by an assistant that is not named', { responder: 'assistant' }, '23514'],
    ['answered by something else', { responder: 'oracle' }, '23514'],
    [
      "answered by another organization's assistant",
      { responder: 'assistant', assistant_id: newId() },
      '23503',
    ],
    ['that the account has already', { phone_number: 'its own' }, '23505'],
  ])('a number %s', (_, given, code) =>
    refused(
      insert('numbers', {
        organization_id: owner.id,
        id: newId(),
        provider_account_id: owner.accountId,
        phone_number: given.phone_number === 'its own' ? own.phoneNumber : '+14155557777',
        ...Object.fromEntries(Object.entries(given).filter(([name]) => name !== 'phone_number')),
      }),
      code,
    ),
  );

  test('a second account of the settings', () =>
    refused(
      insert('provider_accounts', {
        id: newId(),
        organization_id: owner.id,
        provider: 'twilio',
        account_sid: 'AC2',
        webhook_key: null,
      }),
      '23505',
    ));

  test('the ranks of the statuses are those of the road a message travels', async () => {
    const [ranks] = await db.query<{ all: number[] }>(
      `select array_agg(status_rank(s) order by ordinality) as all from unnest($1::text[]) with ordinality as t (s, ordinality)`,
      [
        [
          'held',
          'queued',
          'sending',
          'unknown',
          'sent',
          'delivered',
          'undelivered',
          'failed',
          'expired',
          'canceled',
          'read',
        ],
      ],
    );
    expect(ranks!.all).toEqual([0, 10, 20, 25, 30, 40, 40, 40, 40, 40, 50]);
  });
});
