import { columns, json } from '../base/columns.ts';
import type { Db } from '../base/db.ts';

/** What became of one attempt. */
export type Settlement = {
  organizationId: string;
  id: string;
  attempt: number;
  kind: 'sent' | 'retry' | 'unknown' | 'failed';
  providerSid: string | null;
  segments: number | null;
  errorCode: string | null;
  errorMessage: string | null;
  /** For retry and unknown: when to look at it again. */
  afterMs: number;
  /** For the record: latency, the provider's word, the class of the failure. */
  detail: Record<string, unknown>;
};

// Only the attempt that is under way (or that a rescuer believed dead) may be settled. A receipt may have come first: then the
// message is past 'sending' already, nothing goes back, and of a 'sent' only the sid is filled in.
const sql = `
with incoming as (
  select * from unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::text[], $5::text[], $6::smallint[], $7::text[], $8::text[],
    $9::int[], $10::jsonb[])
  as t (organization_id, id, attempt, kind, provider_sid, segments, error_code, error_message, after_ms, detail)
), settled as (
  update messages m
  set status = case when m.status not in ('sending', 'unknown') then m.status
      when i.kind = 'retry' then 'queued' else i.kind end,
    lease_until = null,
    run_at = case when i.kind in ('retry', 'unknown') then now() + i.after_ms * interval '1 millisecond' else m.run_at end,
    provider_sid = coalesce(m.provider_sid, i.provider_sid),
    segments = coalesce(nullif(i.segments, 0), m.segments),
    sent_at = case when i.kind = 'sent' then coalesce(m.sent_at, now()) else m.sent_at end,
    error_code = case when m.status in ('sending', 'unknown') then i.error_code else m.error_code end,
    error_message = case when m.status in ('sending', 'unknown') then i.error_message else m.error_message end
  from incoming i
  where m.organization_id = i.organization_id and m.id = i.id and m.attempts = i.attempt
    and (m.status in ('sending', 'unknown') or i.kind = 'sent' and m.provider_sid is null)
  returning m.organization_id, m.id, m.conversation_id, m.status, i.kind, i.attempt, i.error_code, i.error_message,
    i.after_ms, i.provider_sid, i.detail
), appended as (
  insert into events (organization_id, type, conversation_id, message_id, status, data)
  select organization_id, case kind when 'retry' then 'message.retrying' else 'message.' || kind end, conversation_id, id, status,
    jsonb_strip_nulls(jsonb_build_object('attempt', attempt, 'providerSid', provider_sid, 'code', error_code,
      'reason', error_message, 'afterMs', case when kind in ('retry', 'unknown') then after_ms end)) || detail
  from settled
)
select id from settled`;

/**
 * Writes what became of attempts.
 * @returns for each, whether it was still this attempt's to settle.
 */
export const settle = async (db: Db, settlements: Settlement[]): Promise<boolean[]> => {
  const rows = settlements.map((one) => ({ ...one, detail: json(one.detail) }));
  const values = columns(
    rows,
    'organizationId',
    'id',
    'attempt',
    'kind',
    'providerSid',
    'segments',
    'errorCode',
    'errorMessage',
    'afterMs',
    'detail',
  );
  const settled = await db.query<{ id: string }>(sql, values, 'settle');
  const ids = new Set(settled.map((row) => row.id));
  return settlements.map((one) => ids.has(one.id));
};
