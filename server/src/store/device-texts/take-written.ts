import type { Db } from '../../base/db.ts';

const sql = `
with taken as (
  update device_texts set status = 'taken', taken_at = now(), lease_until = null
  where organization_id = $1 and device_id = $2 and status = 'leased' and written_at is not null
  returning *
), appended as (
  insert into events (organization_id, type, conversation_id, message_id, data)
  select t.organization_id, 'device.taken', t.conversation_id, t.message_id,
    jsonb_build_object('deviceId', t.device_id, 'device', d.name, 'textId', t.id, 'attempt', t.attempts)
  from taken t join devices d on d.organization_id = t.organization_id and d.id = t.device_id
  where t.message_id is not null order by t.id
)
select count(*)::int as count from taken`;

/** Old clients: the next poll has come, so what the last response held was taken. Returns how many. */
export const takeWritten = async (db: Db, organizationId: string, deviceId: string): Promise<number> =>
  (await db.query<{ count: number }>(sql, [organizationId, deviceId], 'take-written-device-texts'))[0]!.count;
