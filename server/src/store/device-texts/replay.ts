import type { Db } from '../../base/db.ts';

const sql = `
with replayed as (
  update device_texts set status = 'waiting', failures = 0, reason = null, run_at = now()
  where organization_id = $1 and device_id = $2 and status = 'dead' and ($3::uuid[] is null or id = any($3))
  returning *
), appended as (
  insert into events (organization_id, type, conversation_id, message_id, data)
  select t.organization_id, 'device.replayed', t.conversation_id, t.message_id,
    jsonb_build_object('deviceId', t.device_id, 'device', d.name, 'textId', t.id, 'by', $4::text)
  from replayed t join devices d on d.organization_id = t.organization_id and d.id = t.device_id
  order by t.id
)
select count(*)::int as count from replayed`;

/**
 * Offers dead letters of a device anew, all (null) or those named, with their failures forgotten. Their count of offers stays, so
 * that the device sees it may have had them. Returns how many.
 */
export const replayTexts = async (
  db: Db,
  organizationId: string,
  deviceId: string,
  ids: string[] | null,
  by: string,
): Promise<number> =>
  (await db.query<{ count: number }>(sql, [organizationId, deviceId, ids, by], 'replay-device-texts'))[0]!
    .count;
