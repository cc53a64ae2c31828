import type { Db } from '../base/db.ts';

// The worker died between claim and settle, or its settle never reached us: whether the provider took the text is not known.
const sql = `
with lost as (
  select organization_id, id from messages
  where status = 'sending' and lease_until < now()
  order by lease_until limit 500 for update skip locked
), rescued as (
  update messages m
  set status = 'unknown', lease_until = null, run_at = now(), error_code = null,
    error_message = 'The worker stopped before the provider''s answer was written down.'
  from lost where m.organization_id = lost.organization_id and m.id = lost.id
  returning m.*
), appended as (
  insert into events (organization_id, type, conversation_id, message_id, status, data)
  select organization_id, 'message.unknown', conversation_id, id, 'unknown',
    jsonb_build_object('attempt', attempts, 'reason', error_message)
  from rescued
)
select count(*)::int as count from rescued`;

/** Turns messages whose lease ran out into unknown outcomes, to be looked up. Returns how many. */
export const rescue = async (db: Db): Promise<number> =>
  (await db.query<{ count: number }>(sql, [], 'rescue'))[0]!.count;
