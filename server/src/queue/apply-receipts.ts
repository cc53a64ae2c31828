import type { MessageStatus } from '@trunkline/contract';
import { columns } from '../base/columns.ts';
import type { Db } from '../base/db.ts';

export type ReceiptToApply = {
  organizationId: string;
  /** Our id, when the callback's address carried it. */
  messageId: string | null;
  providerSid: string;
  /** What the receipt means in our states; null: only for the record. */
  status: Extract<
    MessageStatus,
    'sent' | 'delivered' | 'undelivered' | 'failed' | 'read' | 'canceled'
  > | null;
  rawStatus: string;
  errorCode: string | null;
  errorMessage: string | null;
};

// Receipts of one message within a batch are folded to the furthest one for the status; each keeps its own event. The event of one that
// changed nothing tells no status: the one in our snapshot may be older than what a settle has written meanwhile.
const sql = `
with incoming as (
  select * from unnest($1::int[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
  as t (ordinal, organization_id, message_id, provider_sid, status, raw_status, error_code, error_message)
), matched as (
  select i.*, m.id, m.conversation_id
  from incoming i
  cross join lateral (
    select id, conversation_id from messages
    where organization_id = i.organization_id and id = i.message_id and direction = 'outbound'
    union all
    select id, conversation_id from messages
    where i.message_id is null and organization_id = i.organization_id and provider_sid = i.provider_sid and direction = 'outbound'
  ) m
), furthest as (
  select distinct on (organization_id, id) * from matched
  where status is not null order by organization_id, id, status_rank(status) desc, ordinal
), changed as (
  update messages m
  set status = f.status, lease_until = null, hold_reason = null,
    -- An unclear text of the same words may have adopted this sid: the receipt counts for the message it names all the same.
    provider_sid = coalesce(m.provider_sid, case when not exists (select 1 from messages other
      where other.organization_id = f.organization_id and other.provider_sid = f.provider_sid) then f.provider_sid end),
    sent_at = coalesce(m.sent_at, now()),
    delivered_at = case when f.status in ('delivered', 'read') then coalesce(m.delivered_at, now()) else m.delivered_at end,
    error_code = f.error_code, error_message = f.error_message
  from furthest f
  where m.organization_id = f.organization_id and m.id = f.id and status_rank(f.status) > status_rank(m.status)
    and (status_rank(m.status) < 40 or m.status = 'delivered')
  returning m.organization_id, m.id, m.status
), appended as (
  insert into events (organization_id, type, conversation_id, message_id, status, data)
  select k.organization_id, 'message.receipt', k.conversation_id, k.id, c.status,
    jsonb_strip_nulls(jsonb_build_object('status', k.raw_status, 'providerSid', k.provider_sid, 'code', k.error_code,
      'reason', k.error_message, 'changed', c.status is not null and c.status = k.status))
  from matched k left join changed c on c.organization_id = k.organization_id and c.id = k.id
  order by k.ordinal
)
select m.ordinal, m.organization_id as "organizationId", m.id, c.status
from matched m left join changed c on c.organization_id = m.organization_id and c.id = m.id`;

/**
 * Writes delivery receipts: each becomes an event of its message, and the status moves only forward, also when they come twice,
 * late, shuffled, or before the send call was answered.
 * @returns for each receipt, whether a message of ours was found.
 */
export const applyReceipts = async (db: Db, receipts: ReceiptToApply[]): Promise<boolean[]> => {
  const rows = receipts.map((one, ordinal) => ({ ...one, ordinal }));
  const values = columns(
    rows,
    'ordinal',
    'organizationId',
    'messageId',
    'providerSid',
    'status',
    'rawStatus',
    'errorCode',
    'errorMessage',
  );
  const found = await db.query<{ ordinal: number }>(sql, values, 'apply-receipts');
  const ordinals = new Set(found.map((row) => row.ordinal));
  return receipts.map((_, ordinal) => ordinals.has(ordinal));
};
