/** When a text that fails again and again is given up. */
export type FailureRules = {
  /** Failures in all, nacks and leases that ran out. */
  attempts: number;
};

/**
 * The part of a statement that takes the rows of the CTE `failing` (whole, locked) through one failure: back to waiting after 1 s,
 * doubled with each failure up to 10 minutes, or to dead. Makes the CTEs `failed` and `appended`.
 */
export const failed = (attempts: string, reason: string): string => `failed as (
  update device_texts t
  set failures = t.failures + 1, lease_until = null, reason = ${reason}::text,
    status = case when t.failures + 1 >= ${attempts}::int then 'dead' else 'waiting' end,
    run_at = now() + least(600, power(2, least(t.failures, 16))) * interval '1 second'
  from failing f
  where t.organization_id = f.organization_id and t.device_id = f.device_id and t.id = f.id and t.status = 'leased'
  returning t.*
), appended as (
  insert into events (organization_id, type, conversation_id, message_id, data)
  select f.organization_id, case f.status when 'dead' then 'device.dead_letter' else 'device.failed' end, f.conversation_id,
    f.message_id, jsonb_build_object('deviceId', f.device_id, 'device', d.name, 'textId', f.id, 'attempt', f.attempts,
      'reason', f.reason, 'afterMs', (extract(epoch from f.run_at - now()) * 1000)::int)
  from failed f join devices d on d.organization_id = f.organization_id and d.id = f.device_id
  order by f.device_id, f.id
)`;
