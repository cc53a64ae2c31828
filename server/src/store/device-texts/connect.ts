import { columns } from '../../base/columns.ts';
import type { Db } from '../../base/db.ts';

/** A stream or a poll that begins. */
export type Connecting = {
  organizationId: string;
  deviceId: string;
  connection: string;
  /** The last offer the device knows it has; null: it knows of none. */
  after: number | null;
};

// Devices in one order, so that two statements can't wait for each other.
const sql = `
with connecting as (
  select distinct on (organization_id, device_id) *
  from unnest($1::int[], $2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[]) as c (ordinal, organization_id, device_id, connection, after)
  order by organization_id, device_id, ordinal desc
), locked as (
  select c.*, d.last_seen_at from devices d
  join connecting c on c.organization_id = d.organization_id and c.device_id = d.id
  order by d.organization_id, d.id for update of d
), connected as (
  update devices d set connection = l.connection, last_seen_at = now()
  from locked l where d.organization_id = l.organization_id and d.id = l.device_id
)
update device_texts t set status = 'waiting', lease_until = null, written_at = null
from locked l
where t.organization_id = l.organization_id and t.device_id = l.device_id and t.status = 'leased' and t.offer > coalesce(l.after, 0)`;

/**
 * Makes these the connections their devices are given texts on. What was leased to a device behind the place it knows of never
 * arrived, and is offered again at once; what came up to there arrived, and waits for its ack.
 */
export const connectDevices = async (db: Db, connecting: Connecting[]): Promise<void> => {
  const rows = connecting.map((one, ordinal) => ({ ...one, ordinal }));
  const values = columns(rows, 'ordinal', 'organizationId', 'deviceId', 'connection', 'after');
  await db.query(sql, values, 'connect-devices');
};
