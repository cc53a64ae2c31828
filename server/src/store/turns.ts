import { columns } from '../base/columns.ts';
import type { Db } from '../base/db.ts';

/** A turn this process alone may work on, until its lease ends. */
export type ClaimedTurn = {
  organizationId: string;
  id: string;
  conversationId: string;
  assistantId: string;
  attempt: number;
  lastMessageId: string;
};

// A conversation has at most one running turn: the claim passes over those that have one, and the unique index refuses a lost race.
const claimSql = `
with due as (
  select organization_id, id, conversation_id from turns w
  where status = 'waiting' and run_at <= now()
    and not exists (select 1 from turns r where r.conversation_id = w.conversation_id and r.status = 'running')
  order by run_at limit $1 for update skip locked
), claimed as (
  update turns t set status = 'running', attempts = t.attempts + 1, lease_until = now() + $2 * interval '1 second'
  from due where t.organization_id = due.organization_id and t.id = due.id
  returning t.*
), appended as (
  insert into events (organization_id, type, conversation_id, message_id, data)
  select organization_id, 'turn.started', conversation_id, last_message_id, jsonb_build_object('turnId', id, 'attempt', attempts)
  from claimed
)
select organization_id as "organizationId", id, conversation_id as "conversationId", assistant_id as "assistantId",
  attempts as attempt, last_message_id as "lastMessageId" from claimed`;

export const claimTurns = async (db: Db, limit: number, leaseSeconds: number): Promise<ClaimedTurn[]> => {
  try {
    return await db.query<ClaimedTurn>(claimSql, [limit, leaseSeconds], 'claim-turns');
  } catch (error) {
    // Two workers chose turns of one conversation at the same moment; the next look sorts it out.
    if ((error as { code?: string }).code === '23505') return [];
    throw error;
  }
};

// The attempt's number is the fence: after a rescue the turn has a higher one, and the late finisher writes nothing.
const finishSql = `
with finished as (
  update turns set status = $4, lease_until = null, finished_at = now(), reply_message_id = $5, error = $6,
    last_message_id = greatest(last_message_id, $9)
  where organization_id = $1 and id = $2 and attempts = $3 and status = 'running'
  returning organization_id, id, conversation_id, last_message_id, attempts
), appended as (
  insert into events (organization_id, type, conversation_id, message_id, data)
  select organization_id, $7, conversation_id, last_message_id,
    jsonb_strip_nulls(jsonb_build_object('turnId', id, 'attempt', attempts, 'replyMessageId', $5::uuid, 'reason', $6::text)) || $8
  from finished
)
select id from finished`;

/**
 * Ends a turn, in the transaction that enqueues its reply.
 * @returns false when the turn is no longer this attempt's: then nothing may be enqueued.
 */
export const finishTurn = async (
  tx: Db,
  turn: ClaimedTurn,
  end: {
    status: 'done' | 'failed' | 'skipped';
    replyMessageId: string | null;
    error: string | null;
    /** The newest text of the contact that the model was shown. */
    answeredTo: string;
    detail?: Record<string, unknown>;
  },
): Promise<boolean> =>
  (
    await tx.query(
      finishSql,
      [
        turn.organizationId,
        turn.id,
        turn.attempt,
        end.status,
        end.replyMessageId,
        end.error,
        end.status === 'failed' ? 'turn.failed' : 'turn.completed',
        JSON.stringify(end.detail ?? {}),
        end.answeredTo,
      ],
      'finish-turn',
    )
  ).length > 0;

/** Keeps the leases of turns that are still being worked on. */
export const renewTurns = async (db: Db, turns: ClaimedTurn[], leaseSeconds: number): Promise<void> => {
  await db.query(
    `update turns t set lease_until = now() + $4 * interval '1 second'
     from unnest($1::uuid[], $2::uuid[], $3::smallint[]) as mine (organization_id, id, attempt)
     where t.organization_id = mine.organization_id and t.id = mine.id and t.attempts = mine.attempt and t.status = 'running'`,
    [...columns(turns, 'organizationId', 'id', 'attempt'), leaseSeconds],
    'renew-turns',
  );
};

// Back to waiting, where a newer turn of the conversation may wait already: then that one takes the texts along.
const retrySql = `
with mine as (
  select * from turns where organization_id = $1 and id = $2 and attempts = $3 and status = 'running' for update
), newer as (
  update turns w set last_message_id = greatest(w.last_message_id, mine.last_message_id),
    attempts = greatest(w.attempts, mine.attempts), run_at = greatest(w.run_at, now() + $4 * interval '1 millisecond')
  from mine where w.conversation_id = mine.conversation_id and w.status = 'waiting'
  returning w.id
), changed as (
  update turns t set lease_until = null, error = $5,
    status = case when exists (select 1 from newer) then 'skipped' else 'waiting' end,
    finished_at = case when exists (select 1 from newer) then now() end,
    run_at = now() + $4 * interval '1 millisecond'
  from mine where t.organization_id = mine.organization_id and t.id = mine.id
  returning t.*
), appended as (
  insert into events (organization_id, type, conversation_id, message_id, data)
  select organization_id, 'turn.retrying', conversation_id, last_message_id,
    jsonb_build_object('turnId', id, 'attempt', attempts, 'reason', error, 'afterMs', $4)
  from changed
)
select id from changed`;

/** Lets a failed turn wait for another attempt. */
export const retryTurn = async (
  db: Db,
  turn: ClaimedTurn,
  afterMs: number,
  reason: string,
): Promise<void> => {
  try {
    await db.query(retrySql, [turn.organizationId, turn.id, turn.attempt, afterMs, reason], 'retry-turn');
  } catch (error) {
    // A text arrived between the look for a newer turn and the change: the lease runs out and the rescue finds it.
    if ((error as { code?: string }).code !== '23505') throw error;
  }
};

/** Gives turns whose worker died back to be claimed. Returns how many. */
export const rescueTurns = async (db: Db): Promise<number> => {
  const lost = await db.query<ClaimedTurn>(
    `select organization_id as "organizationId", id, conversation_id as "conversationId", assistant_id as "assistantId",
       attempts as attempt, last_message_id as "lastMessageId"
     from turns where status = 'running' and lease_until < now() limit 200`,
    [],
    'lost-turns',
  );
  for (const turn of lost) await retryTurn(db, turn, 0, 'The worker stopped in the middle of the turn.');
  return lost.length;
};

/**
 * Which of these texts a finished turn was shown. Not simply those up to the newest one: texts that arrive together are committed in
 * any order, so one may appear below another that has been answered already. What a turn was shown is on its last event, which is
 * that of its newest text.
 */
export const answeredTexts = async (
  db: Db,
  organizationId: string,
  messageIds: string[],
): Promise<Set<string>> => {
  const rows = await db.query<{ id: string }>(
    `select distinct jsonb_array_elements_text(data->'answered') as id from events
     where message_id = any($2::uuid[]) and organization_id = $1 and type in ('turn.completed', 'turn.failed')`,
    [organizationId, messageIds],
    'answered-texts',
  );
  return new Set(rows.map((row) => row.id));
};
