import { columns } from '../../base/columns.ts';
import type { Db } from '../../base/db.ts';
import type { TextKey } from './text.ts';

// Also one whose lease ran out meanwhile, or that was given up: the device has handled it after all.
const sql = `
with acked as (
  select distinct * from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as k (organization_id, device_id, id)
), locked as (
  select t.organization_id, t.device_id, t.id from device_texts t join acked using (organization_id, device_id, id)
  where t.status <> 'taken' order by organization_id, device_id, id for update of t
), taken as (
  update device_texts t set status = 'taken', taken_at = now(), lease_until = null, reason = null
  from locked l where t.organization_id = l.organization_id and t.device_id = l.device_id and t.id = l.id
    and t.status <> 'taken'
  returning t.*
), appended as (
  insert into events (organization_id, type, conversation_id, message_id, data)
  select t.organization_id, 'device.taken', t.conversation_id, t.message_id,
    jsonb_build_object('deviceId', t.device_id, 'device', d.name, 'textId', t.id, 'attempt', t.attempts)
  from taken t join devices d on d.organization_id = t.organization_id and d.id = t.device_id
  where t.message_id is not null order by t.device_id, t.id
)
select t.id, t.device_id as "deviceId" from acked join device_texts t using (organization_id, device_id, id)`;

/**
 * Marks texts as taken: they are never offered again. Again and again is as good as once.
 * @returns for each, whether the device has such a text.
 */
export const ackTexts = async (db: Db, keys: TextKey[]): Promise<boolean[]> => {
  const found = await db.query<{ id: string; deviceId: string }>(
    sql,
    columns(keys, 'organizationId', 'deviceId', 'id'),
    'ack-device-texts',
  );
  const known = new Set(found.map((row) => row.deviceId + row.id));
  return keys.map((key) => known.has(key.deviceId + key.id));
};
