import type { Db } from '../base/db.ts';

const releaseSql = `
with due as (
  select organization_id, id from messages
  where status = 'held' and run_at <= now() and (expires_at is null or expires_at > now())
  order by run_at limit 500 for update skip locked
), released as (
  update messages m set status = 'queued', hold_reason = null
  from due where m.organization_id = due.organization_id and m.id = due.id
  returning m.*
), appended as (
  insert into events (organization_id, type, conversation_id, message_id, status, data)
  select organization_id, 'message.released', conversation_id, id, 'queued', '{}' from released
)
select count(*)::int as count from released`;

/** Queues held messages whose time has come. Returns how many. */
export const release = async (db: Db): Promise<number> =>
  (await db.query<{ count: number }>(releaseSql, [], 'release'))[0]!.count;

const expireSql = `
with late as (
  select organization_id, id from messages
  where status in ('held', 'queued') and expires_at <= now()
  order by expires_at limit 500 for update skip locked
), expired as (
  update messages m set status = 'expired', hold_reason = null,
    error_message = 'Not sent: it was still waiting when its time was over.'
  from late where m.organization_id = late.organization_id and m.id = late.id
  returning m.*
), appended as (
  insert into events (organization_id, type, conversation_id, message_id, status, data)
  select organization_id, 'message.expired', conversation_id, id, 'expired', jsonb_build_object('expiresAt', expires_at)
  from expired
)
select count(*)::int as count from expired`;

/** Ends messages that were not sent in time: late is worse than never for a one-time code. Returns how many. */
export const expire = async (db: Db): Promise<number> =>
  (await db.query<{ count: number }>(expireSql, [], 'expire'))[0]!.count;
