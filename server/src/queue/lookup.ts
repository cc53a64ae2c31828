import type { MessageStatus } from '@trunkline/contract';
import type { Db } from '../base/db.ts';

/** A message whose last attempt is unclear, leased to this process to be looked up at the provider. */
export type Unclear = {
  organizationId: string;
  id: string;
  numberId: string;
  from: string;
  to: string;
  body: string;
  attempt: number;
  attemptAt: Date;
  /** Which look this is since the attempt, from 1. */
  lookup: number;
};

const claimSql = `
with due as (
  select organization_id, id from messages
  where status = 'unknown' and run_at <= now()
  order by run_at limit $1 for update skip locked
)
update messages m set lookups = m.lookups + 1, run_at = now() + $2 * interval '1 second'
from due where m.organization_id = due.organization_id and m.id = due.id
returning m.organization_id as "organizationId", m.id, m.number_id as "numberId", m.from_address as "from",
  m.to_address as "to", m.body, m.attempts as attempt, m.attempt_at as "attemptAt", m.lookups as lookup`;

/** Claims unclear messages whose next look is due; others leave them alone for `leaseSeconds`. */
export const claimUnclear = (db: Db, limit: number, leaseSeconds: number): Promise<Unclear[]> =>
  db.query<Unclear>(claimSql, [limit, leaseSeconds], 'claim-unclear');

const adoptSql = `
with adopted as (
  update messages set status = $4, provider_sid = $5, sent_at = coalesce(sent_at, now()), error_code = $6, error_message = $7,
    delivered_at = case when $4 in ('delivered', 'read') then coalesce(delivered_at, now()) else delivered_at end
  where organization_id = $1 and id = $2 and attempts = $3 and status = 'unknown'
    and not exists (select 1 from messages other where other.organization_id = $1 and other.provider_sid = $5)
  returning organization_id, conversation_id, id
), appended as (
  insert into events (organization_id, type, conversation_id, message_id, status, data)
  select organization_id, 'message.resolved', conversation_id, id, $4,
    jsonb_strip_nulls(jsonb_build_object('taken', true, 'providerSid', $5, 'code', $6::text, 'reason', $7::text)) from adopted
)
select id from adopted`;

/**
 * Gives an unclear message the provider's message that is surely its own.
 * @returns false when it is no longer unclear, or somebody has claimed that sid.
 */
export const adopt = async (
  db: Db,
  unclear: Unclear,
  found: {
    providerSid: string;
    status: MessageStatus;
    errorCode: string | null;
    errorMessage: string | null;
  },
): Promise<boolean> => {
  const values = [
    unclear.organizationId,
    unclear.id,
    unclear.attempt,
    found.status,
    found.providerSid,
    found.errorCode,
    found.errorMessage,
  ];
  try {
    return (await db.query(adoptSql, values, 'adopt')).length > 0;
  } catch (error) {
    // Two workers adopted one sid at the same moment: the unique key let one of them.
    if ((error as { code?: string }).code === '23505') return false;
    throw error;
  }
};

const againSql = `
with again as (
  update messages set status = 'queued', run_at = now(), error_code = null, error_message = null
  where organization_id = $1 and id = $2 and attempts = $3 and status = 'unknown'
  returning organization_id, conversation_id, id
), appended as (
  insert into events (organization_id, type, conversation_id, message_id, status, data)
  select organization_id, 'message.resolved', conversation_id, id, 'queued', jsonb_build_object('taken', false, 'attempt', $3)
  from again
)
select id from again`;

/** Queues an unclear message again: the provider certainly has not taken it. */
export const sendAgain = async (db: Db, unclear: Unclear): Promise<boolean> =>
  (await db.query(againSql, [unclear.organizationId, unclear.id, unclear.attempt], 'send-again')).length > 0;

/** Puts the next look `afterMs` away. A look that got no answer from the provider was none: with `answered` false it isn't counted. */
export const lookLater = async (
  db: Db,
  unclear: Unclear,
  afterMs: number,
  answered: boolean,
): Promise<void> => {
  await db.query(
    `update messages set run_at = now() + $4 * interval '1 millisecond', lookups = $5
     where organization_id = $1 and id = $2 and attempts = $3 and status = 'unknown'`,
    [
      unclear.organizationId,
      unclear.id,
      unclear.attempt,
      afterMs,
      answered ? unclear.lookup : unclear.lookup - 1,
    ],
    'look-later',
  );
};
