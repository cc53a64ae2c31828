import type { Db } from '../base/db.ts';

export type Seen = { organizationId: string; deviceId: string; took: boolean };

const seenSql = `
with seen as (
  select d.organization_id, d.id, s.took from devices d
  join unnest($1::uuid[], $2::uuid[], $3::boolean[]) as s (organization_id, device_id, took)
    on s.organization_id = d.organization_id and s.device_id = d.id
  order by d.organization_id, d.id for update of d
)
update devices d set last_seen_at = now(), last_taken_at = case when seen.took then now() else d.last_taken_at end
from seen where d.organization_id = seen.organization_id and d.id = seen.id`;

/** Writes that devices are there, and which of them have taken texts. */
export const touchDevices = async (db: Db, seen: Seen[]): Promise<void> => {
  await db.query(
    seenSql,
    [seen.map((one) => one.organizationId), seen.map((one) => one.deviceId), seen.map((one) => one.took)],
    'touch-devices',
  );
};

const standingSql = `
select d.connection from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bytea[]) as c (organization_id, device_id, connection, hash)
join devices d on d.organization_id = c.organization_id and d.id = c.device_id and d.connection = c.connection
join device_tokens t on t.hash = c.hash and t.device_id = c.device_id and (t.expires_at is null or t.expires_at > now())`;

/** Which of these connections still stand: their token works, and no newer connection of their device has come anywhere. */
export const standing = async (
  db: Db,
  connections: { organizationId: string; deviceId: string; id: string; tokenHash: Buffer }[],
): Promise<Set<string>> => {
  const rows = await db.query<{ connection: string }>(
    standingSql,
    [
      connections.map((one) => one.organizationId),
      connections.map((one) => one.deviceId),
      connections.map((one) => one.id),
      connections.map((one) => one.tokenHash),
    ],
    'standing-connections',
  );
  return new Set(rows.map((row) => row.connection));
};
