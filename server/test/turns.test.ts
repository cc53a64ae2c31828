import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { now } from '../src/base/clock.ts';
import type { Database } from '../src/base/db.ts';
import { newId } from '../src/base/ids.ts';
import { quiet } from '../src/base/log.ts';
import type { Model } from '../src/responders/assistant/model/answer.ts';
import { ModelFailed } from '../src/responders/assistant/model/model-failed.ts';
import type { Models } from '../src/responders/assistant/model/models.ts';
import { runTurns } from '../src/responders/assistant/run-turns.ts';
import { politeText, type TurnParts, takeTurn } from '../src/responders/assistant/take-turn.ts';
import { type InboundRecord, recordInbound } from '../src/store/record-inbound.ts';
import { claimTurns, finishTurn, renewTurns, rescueTurns, retryTurn } from '../src/store/turns.ts';
import {
  assistant,
  buildCore,
  conversation,
  eventually,
  nextSid,
  number,
  openTestDatabase,
  organization,
  type TestConversation,
} from './build.ts';

let db: Database;
let owner: { id: string; accountId: string };
let own: { id: string; phoneNumber: string };
let assistantId: string;
let core: Awaited<ReturnType<typeof buildCore>>;
let talk: TestConversation;
let workers: ReturnType<typeof runTurns>[] = [];

beforeAll(async () => {
  db = await openTestDatabase(16);
  owner = await organization(db, { webhookKey: null });
  assistantId = await assistant(db, owner.id);
  own = await number(db, owner, { assistantId });
  core = await buildCore(db);
});
afterAll(async () => {
  await core.close();
  await db.close();
});
beforeEach(async () => {
  talk = await conversation(db, owner.id, own);
});
afterEach(async () => {
  await Promise.all(workers.map((one) => one.stop()));
  workers = [];
  await db.query('delete from turns');
});

/** What a model was shown: the newest texts of the person, which it is to answer. */
type Asked = { open: string[]; answered: string[]; signal: AbortSignal | undefined };

/** A model that says what `say` does, and remembers what it was shown. */
const scripted = (say: (asked: Asked, call: number) => string | Promise<string>) => {
  const asked: Asked[] = [];
  type V4 = Extract<Model, { specificationVersion: 'v4' }>;
  const model: V4 = {
    specificationVersion: 'v4',
    provider: 'test',
    modelId: 'scripted',
    supportedUrls: {},
    async doGenerate({ prompt, abortSignal }) {
      const users = prompt
        .filter((message) => message.role === 'user')
        .map((message) => message.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n'));
      const one: Asked = {
        open: (users.at(-1) ?? '').split('\n'),
        answered: users.slice(0, -1).flatMap((text) => text.split('\n')),
        signal: abortSignal,
      };
      asked.push(one);
      const text = await say(one, asked.length);
      return {
        content: [{ type: 'text', text }],
        finishReason: { unified: 'stop', raw: undefined },
        usage: {
          inputTokens: { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 },
          outputTokens: { total: 0, text: 0, reasoning: 0 },
        },
        warnings: [],
      };
    },
    doStream: () => Promise.reject(new Error('A turn streams nothing.')),
  };
  const models: Models = { defaultModel: 'scripted', find: () => model, available: ['scripted'] };
  return { models, asked };
};

const partsWith = (models: Models, given: Partial<TurnParts> = {}): TurnParts => ({
  db,
  accept: core.accept,
  models,
  log: quiet,
  timeoutMs: 5_000,
  attempts: 3,
  ...given,
});
const run = (models: Models, given: Partial<TurnParts> & { leaseSeconds?: number } = {}) => {
  const worker = runTurns({
    ...partsWith(models, given),
    signals: core.signals,
    concurrency: 8,
    leaseSeconds: given.leaseSeconds ?? 60,
  });
  workers.push(worker);
  return worker;
};

/** A text of the contact, recorded as the webhook does it. */
const incoming = async (body: string, of = talk, id = newId()): Promise<string> => {
  const record: InboundRecord = {
    organizationId: owner.id,
    id,
    conversationId: of.id,
    numberId: own.id,
    providerSid: nextSid(),
    from: of.to,
    to: own.phoneNumber,
    body,
    mediaUrls: [],
    mediaTypes: [],
    toDevices: false,
    segments: 1,
    encoding: 'gsm7',
    createdAt: now(),
    detail: {},
    assistantId,
    turnId: newId(),
  };
  expect(await recordInbound(db, [record])).toEqual([[]]);
  core.signals.raise('turn');
  return record.id;
};

type TurnRow = {
  status: string;
  attempts: number;
  error: string | null;
  reply_message_id: string | null;
  last_message_id: string;
};
const turnsOf = (of = talk) =>
  db.query<TurnRow>('select * from turns where conversation_id = $1 order by id', [of.id]);
const replies = async (of = talk) =>
  (
    await db.query<{ body: string }>(
      `select body from messages where conversation_id = $1 and direction = 'outbound' order by id`,
      [of.id],
    )
  ).map((row) => row.body);
/** All turns have ended. Waits of a backoff are cut short. */
const ended = (of = talk) =>
  eventually(async () => {
    await db.query(`update turns set run_at = now() where conversation_id = $1 and status = 'waiting'`, [
      of.id,
    ]);
    core.signals.raise('turn');
    const turns = await turnsOf(of);
    return turns.length > 0 && turns.every((turn) => !['waiting', 'running'].includes(turn.status)) && turns;
  }, 'every turn ends');
const leaseRunsOut = () =>
  db.query(`update turns set lease_until = now() - interval '1 second' where status = 'running'`);
const never = new AbortController().signal;

describe('turns', () => {
  test('a text is answered once, and the answer is queued with the end of the turn', async () => {
    const { models, asked } = scripted(() => 'Nine to five.');
    run(models);
    const id = await incoming('When are you open?');
    const [turn] = await ended();
    expect(turn).toMatchObject({ status: 'done', attempts: 1, last_message_id: id, error: null });
    expect(asked.map((one) => one.open)).toEqual([['When are you open?']]);
    expect(
      await db.query('select id, body, status, author, priority from messages where id = $1', [
        turn!.reply_message_id,
      ]),
    ).toEqual([
      {
        id: turn!.reply_message_id,
        body: 'Nine to five.',
        status: 'queued',
        author: 'assistant',
        priority: 1,
      },
    ]);
    const events = await db.query<{ type: string }>(
      `select type from events where conversation_id = $1 order by tx, seq`,
      [talk.id],
    );
    expect(events.map((event) => event.type)).toEqual([
      'message.received',
      'turn.started',
      'turn.completed',
      'message.accepted',
    ]);
  });

  test('thirty texts at once: one turn at a time, every text answered by one turn and by one only', async () => {
    let underWay = 0;
    let most = 0;
    const { models, asked } = scripted(async ({ open }) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setTimeout(resolve, 20));
      underWay -= 1;
      return `Answer to ${open.join(', ')}`;
    });
    // Three workers, as in three processes.
    for (let i = 0; i < 3; i++) run(models);
    const texts = Array.from({ length: 30 }, (_, i) => `text ${i}.`);
    await Promise.all(
      texts.map(async (text, i) => {
        await new Promise((resolve) => setTimeout(resolve, i * 7));
        await incoming(text);
      }),
    );
    const turns = await ended();
    expect(most).toBe(1);
    expect(asked.flatMap((one) => one.open).toSorted()).toEqual(texts.toSorted());
    expect(asked.length).toBeGreaterThan(1);
    expect(turns.filter((turn) => turn.status === 'done')).toHaveLength(asked.length);
    expect(turns.every((turn) => turn.attempts <= 1 || turn.status === 'done')).toBe(true);
    expect(await replies()).toEqual(asked.map((one) => `Answer to ${one.open.join(', ')}`));
  });

  test('many conversations are answered side by side', async () => {
    const all = Promise.withResolvers<void>();
    let thinking = 0;
    const { models } = scripted(async () => {
      thinking += 1;
      if (thinking === 5) all.resolve();
      await all.promise;
      return 'Yes.';
    });
    run(models);
    const talks = await Promise.all(Array.from({ length: 5 }, () => conversation(db, owner.id, own)));
    await Promise.all(talks.map((of) => incoming('Hello?', of)));
    for (const of of talks) expect(await ended(of)).toMatchObject([{ status: 'done' }]);
  });

  test('a conversation that is being answered keeps no other waiting', async () => {
    const another = await conversation(db, owner.id, own);
    await incoming('First');
    expect(await claimTurns(db, 10, 60)).toHaveLength(1);
    await incoming('Second');
    await incoming('Hello?', another);
    expect(await claimTurns(db, 10, 60)).toMatchObject([{ conversationId: another.id }]);
  });

  test('a text that comes while the model thinks is answered by the next turn, with the first behind it', async () => {
    const thinking = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const { models, asked } = scripted(async (_, call) => {
      if (call === 1) {
        thinking.resolve();
        await goOn.promise;
      }
      return `Answer ${call}`;
    });
    run(models);
    await incoming('First');
    await thinking.promise;
    await incoming('Second');
    await incoming('Third');
    expect((await turnsOf()).map((turn) => turn.status)).toEqual(['running', 'waiting']);
    goOn.resolve();
    await ended();
    expect(asked.map((one) => [one.answered, one.open])).toEqual([
      [[], ['First']],
      [['First'], ['Second', 'Third']],
    ]);
    expect(await replies()).toEqual(['Answer 1', 'Answer 2']);
  });

  test('a text that was committed behind one with a later id is answered too', async () => {
    const { models, asked } = scripted((_, call) => `Answer ${call}`);
    const earlier = newId();
    run(models);
    await incoming('Second by id', talk);
    await ended();
    await incoming('First by id', talk, earlier);
    await ended();
    expect(asked.map((one) => one.open)).toEqual([['Second by id'], ['First by id']]);
    expect(await replies()).toEqual(['Answer 1', 'Answer 2']);
  });

  test('a turn whose texts the one before took along is skipped, and says nothing', async () => {
    const { models, asked } = scripted(() => 'Both.');
    const parts = partsWith(models);
    await incoming('First');
    const [turn] = await claimTurns(db, 1, 60);
    // Between the claim and the look at the conversation.
    await incoming('Second');
    await takeTurn(parts, turn!, never);
    const [next] = await claimTurns(db, 1, 60);
    await takeTurn(parts, next!, never);
    expect(asked.map((one) => one.open)).toEqual([['First', 'Second']]);
    expect((await turnsOf()).map((one) => one.status)).toEqual(['done', 'skipped']);
    expect(await replies()).toEqual(['Both.']);
  });
});

describe('a model that', () => {
  test('fails at first is asked again, and its answer goes out once', async () => {
    const { models, asked } = scripted((_, call) => {
      if (call < 3) throw new Error('out of order');
      return 'At last.';
    });
    run(models);
    await incoming('Hello?');
    expect(await ended()).toMatchObject([{ status: 'done', attempts: 3 }]);
    expect(asked).toHaveLength(3);
    expect(await replies()).toEqual(['At last.']);
  });

  test('waits longer from failure to failure', async () => {
    const { models } = scripted(() => {
      throw new Error('out of order');
    });
    await incoming('Hello?');
    for (const [least, most] of [
      [1_000, 2_000],
      [2_000, 4_000],
    ] as const) {
      await db.query(`update turns set run_at = now()`);
      const [turn] = await claimTurns(db, 1, 60);
      await takeTurn(partsWith(models), turn!, never);
      const [row] = await db.query<{ ms: number }>(
        'select (extract(epoch from run_at - now()) * 1000)::float8 as ms from turns',
      );
      expect(row!.ms).toBeGreaterThan(least - 200);
      expect(row!.ms).toBeLessThan(most + 1);
    }
  });

  test('always fails: the polite text, exactly once, and the reason on the record', async () => {
    const { models, asked } = scripted(() => {
      throw new Error('out of order');
    });
    run(models);
    const id = await incoming('Hello?');
    expect(await ended()).toMatchObject([{ status: 'failed', attempts: 3, error: 'The model failed.' }]);
    expect(asked).toHaveLength(3);
    expect(await replies()).toEqual([politeText]);
    const events = await db.query<{ type: string }>(
      `select type from events where message_id = $1 and type like 'turn.%' order by tx, seq`,
      [id],
    );
    expect(events.map((event) => event.type)).toEqual([
      'turn.started',
      'turn.retrying',
      'turn.started',
      'turn.retrying',
      'turn.started',
      'turn.failed',
    ]);
    // And the next text has a turn of its own.
    await incoming('Still there?');
    await ended();
    expect(await replies()).toEqual([politeText, politeText]);
  });

  test('is not configured: the polite text at once', async () => {
    const models: Models = {
      defaultModel: 'x',
      available: [],
      find: () => {
        throw new ModelFailed('It needs a key.', { retryable: false });
      },
    };
    run(models);
    await incoming('Hello?');
    expect(await ended()).toMatchObject([{ status: 'failed', attempts: 1, error: 'It needs a key.' }]);
    expect(await replies()).toEqual([politeText]);
  });

  test.each<[string, (asked: Asked) => Promise<string>]>([
    [
      'minds its signal',
      ({ signal }) =>
        new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason))),
    ],
    ['ignores its signal', () => new Promise(() => {})],
  ])('is too slow and %s is left at the time limit', async (_, say) => {
    const { models } = scripted(say);
    run(models, { timeoutMs: 100, attempts: 2 });
    await incoming('Hello?');
    const began = performance.now();
    const [turn] = await ended();
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(turn).toMatchObject({
      status: 'failed',
      attempts: 2,
      error: 'The model took longer than 100 ms.',
    });
    expect(await replies()).toEqual([politeText]);
  });

  test('says nothing is asked again', async () => {
    const { models } = scripted((_, call) => (call === 1 ? ' ' : 'Yes.'));
    run(models);
    await incoming('Hello?');
    expect(await ended()).toMatchObject([{ status: 'done', attempts: 2 }]);
    expect(await replies()).toEqual(['Yes.']);
  });

  test('says much is answered in parts', async () => {
    const { models } = scripted(() => 'This is a sentence. '.repeat(200));
    run(models);
    await incoming('Hello?');
    await ended();
    expect((await replies()).length).toBe(3);
  });
});

describe('a worker that', () => {
  test('thinks longer than its lease keeps it', async () => {
    const { models } = scripted(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_800));
      return 'Slow but sure.';
    });
    run(models, { leaseSeconds: 1 });
    await incoming('Hello?');
    let rescued = 0;
    const looking = setInterval(async () => {
      rescued += await rescueTurns(db);
    }, 100);
    try {
      expect(await ended()).toMatchObject([{ status: 'done', attempts: 1 }]);
    } finally {
      clearInterval(looking);
    }
    expect(rescued).toBe(0);
    expect(await replies()).toEqual(['Slow but sure.']);
  });

  test('died in the middle is replaced, and if it comes back it writes nothing', async () => {
    const { models } = scripted(() => 'From the dead.');
    await incoming('Hello?');
    const [lost] = await claimTurns(db, 1, 60);
    expect(await claimTurns(db, 1, 60)).toEqual([]);
    expect(await rescueTurns(db)).toBe(0);
    await leaseRunsOut();
    expect(await rescueTurns(db)).toBe(1);
    const [again] = await claimTurns(db, 1, 60);
    expect(again).toMatchObject({ id: lost!.id, attempt: 2 });

    // The dead one comes back while the other is at work: every way it could write.
    const before = await turnsOf();
    await takeTurn(partsWith(models), lost!, never);
    await retryTurn(db, lost!, 0, 'late');
    await renewTurns(db, [lost!], 600);
    const end = {
      status: 'done' as const,
      replyMessageId: newId(),
      error: null,
      answeredTo: lost!.lastMessageId,
    };
    expect(await finishTurn(db, lost!, end)).toBe(false);
    expect(await turnsOf()).toEqual(before);
    expect(await replies()).toEqual([]);

    await takeTurn(partsWith(scripted(() => 'From the living.').models), again!, never);
    expect(await turnsOf()).toMatchObject([{ status: 'done', attempts: 2 }]);
    // And after.
    await takeTurn(partsWith(models), lost!, never);
    expect(await replies()).toEqual(['From the living.']);
  });

  test('died while another text came: one turn answers both', async () => {
    await incoming('First');
    await claimTurns(db, 1, 60);
    await incoming('Second');
    await leaseRunsOut();
    expect(await rescueTurns(db)).toBe(1);
    const { models, asked } = scripted(() => 'Both.');
    run(models);
    const turns = await ended();
    expect(turns.map((turn) => turn.status)).toEqual(['skipped', 'done']);
    expect(asked.map((one) => one.open)).toEqual([['First', 'Second']]);
    expect(await replies()).toEqual(['Both.']);
  });

  test('is stopped gives its turn back at once', async () => {
    const thinking = Promise.withResolvers<void>();
    const { models } = scripted((_, call) => {
      thinking.resolve();
      return call === 1 ? new Promise(() => {}) : 'After the restart.';
    });
    const worker = run(models);
    await incoming('Hello?');
    await thinking.promise;
    await worker.stop();
    expect(await turnsOf()).toMatchObject([{ status: 'waiting' }]);
    run(models);
    expect(await ended()).toMatchObject([{ status: 'done' }]);
    expect(await replies()).toEqual(['After the restart.']);
  });

  test('fails to write leaves no reply without an end, nor an end without a reply', async () => {
    const { models } = scripted(() => 'Hello.');
    const accept = {
      ...core.accept,
      enqueue: () => Promise.reject(new Error('the disk is full')),
    };
    await incoming('Hello?');
    const [turn] = await claimTurns(db, 1, 60);
    await expect(takeTurn(partsWith(models, { accept }), turn!, never)).rejects.toThrow('the disk is full');
    expect(await turnsOf()).toMatchObject([{ status: 'running', reply_message_id: null }]);
    expect(await replies()).toEqual([]);
  });
});
