import type { Db } from '../../base/db.ts';

// Counts to the limit and no further. It stands until the queue is a tenth below, so that a queue at the limit is one crossing.
const sql = `
with counted as (
  select d.organization_id, d.id, d.name, (select count(*) from (
      (select 1 from device_texts where organization_id = d.organization_id and device_id = d.id and status = 'waiting' limit $2)
      union all
      (select 1 from device_texts where organization_id = d.organization_id and device_id = d.id and status = 'leased')
    ) open) as open
  from devices d where d.id = any($1::uuid[])
), changed as (
  update devices d set over_limit_at = case when d.over_limit_at is null then now() end
  from counted c where d.organization_id = c.organization_id and d.id = c.id
    and (d.over_limit_at is null and c.open >= $2 or d.over_limit_at is not null and c.open < $2 * 0.9)
  returning d.organization_id, d.id, d.name, d.over_limit_at
), appended as (
  insert into events (organization_id, type, data)
  select organization_id, 'device.queue_full', jsonb_build_object('deviceId', id, 'device', name, 'limit', $2::int)
  from changed where over_limit_at is not null
)
select count(*)::int as count from changed where over_limit_at is not null`;

/** Notes which of these devices have `limit` or more texts to take, with an event for each that has come to it. Returns how many have. */
export const noteOverLimit = async (db: Db, deviceIds: string[], limit: number): Promise<number> =>
  (await db.query<{ count: number }>(sql, [deviceIds, limit], 'note-over-limit'))[0]!.count;
