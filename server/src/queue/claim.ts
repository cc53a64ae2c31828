import type { Db } from '../base/db.ts';

/** A message that this process alone may send, until its lease ends. */
export type Claimed = {
  organizationId: string;
  id: string;
  conversationId: string;
  numberId: string;
  from: string;
  to: string;
  body: string;
  mediaUrls: string[] | null;
  /** The number of this attempt, from 1. Settling names it, so that a late settle of an older attempt can't touch a newer one. */
  attempt: number;
  expiresAt: Date | null;
};

// `ahead`: a text waits until every earlier one of its conversation is settled, through retries and unclear outcomes too.
// Rows another worker is claiming are skipped, and as they are still 'queued' in our snapshot they hold back what is behind them.
const sql = `
with due as (
  select organization_id, id from messages m
  where status = 'queued' and run_at <= now() and (expires_at is null or expires_at > now())
    and not exists (
      select 1 from messages ahead
      where ahead.conversation_id = m.conversation_id and ahead.id < m.id and ahead.status in ('queued', 'sending', 'unknown'))
  order by priority, run_at, id
  limit $1
  for update skip locked
), claimed as (
  update messages m
  set status = 'sending', attempts = m.attempts + 1, attempt_at = now(), lookups = 0,
    lease_until = now() + $2 * interval '1 second', error_code = null, error_message = null
  from due where m.organization_id = due.organization_id and m.id = due.id
  returning m.*
), appended as (
  insert into events (organization_id, type, conversation_id, message_id, status, data)
  select organization_id, 'message.sending', conversation_id, id, 'sending', jsonb_build_object('attempt', attempts)
  from claimed
)
select organization_id as "organizationId", id, conversation_id as "conversationId", number_id as "numberId",
  from_address as "from", to_address as "to", body, media_urls as "mediaUrls", attempts as attempt, expires_at as "expiresAt"
from claimed order by priority, run_at, id`;

/** Claims up to `limit` messages that are due, in order, for `leaseSeconds`. */
export const claim = (db: Db, limit: number, leaseSeconds: number): Promise<Claimed[]> =>
  db.query<Claimed>(sql, [limit, leaseSeconds], 'claim');
