import type { Db } from '../base/db.ts';

/** What stands behind a number that an old client names. */
export type RelayNumber = {
  numberId: string;
  organizationId: string;
  responder: string;
  /** A device with a token answers it: nobody may without one. */
  paired: boolean;
  /** The old client that has it; null: none yet. */
  device: { id: string; name: string } | null;
};

const numberSql = `
select n.id as "numberId", n.organization_id as "organizationId", n.responder,
  exists (select 1 from device_numbers dn join devices d on d.organization_id = dn.organization_id and d.id = dn.device_id
    where dn.organization_id = n.organization_id and dn.number_id = n.id and d.access = 'token') as paired,
  (select json_build_object('id', d.id, 'name', d.name)
    from device_numbers dn join devices d on d.organization_id = dn.organization_id and d.id = dn.device_id
    where dn.organization_id = n.organization_id and dn.number_id = n.id and d.access = 'open'
    order by d.id limit 1) as device
from numbers n where n.organization_id = $1 and n.phone_number = $2
order by n.created_at, n.id limit 1`;

/** A number of the organization by what it is called; null: it has none such. */
export const findRelayNumber = async (
  db: Db,
  organizationId: string,
  phoneNumber: string,
): Promise<RelayNumber | null> =>
  (await db.query<RelayNumber>(numberSql, [organizationId, phoneNumber], 'relay-number'))[0] ?? null;

/** Whether another organization has this number. */
export const isForeign = async (db: Db, organizationId: string, phoneNumber: string): Promise<boolean> =>
  (
    await db.query('select 1 from numbers where phone_number = $2 and organization_id <> $1 limit 1', [
      organizationId,
      phoneNumber,
    ])
  ).length > 0;

export type Registered = {
  phoneNumber: string;
  name: string;
  ip: string;
  /** UTC with microseconds and without a zone; null: it was never seen. */
  lastSeenAt: string | null;
  online: boolean;
  pending: number;
  pendingDuck: number;
};

const waiting = `(t.status = 'waiting' or t.status = 'leased' and t.written_at is null)`;

/** The old clients of an organization with their numbers; `only` limits them to these numbers. Seen within `onlineSeconds`: online. */
export const listRegistered = (
  db: Db,
  organizationId: string,
  only: string[] | null,
  onlineSeconds: number,
): Promise<Registered[]> =>
  db.query<Registered>(
    `select n.phone_number as "phoneNumber", d.name, d.ip, 
       to_char(d.last_seen_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') as "lastSeenAt",
       coalesce(d.last_seen_at > now() - make_interval(secs => $3), false) as online,
       (select count(*) from device_texts t where t.organization_id = d.organization_id and t.device_id = d.id
         and t.number_id = n.id and ${waiting}) as pending,
       (select count(*) from device_texts t where t.organization_id = d.organization_id and t.device_id = d.id
         and t.message_id is null and ${waiting}) as "pendingDuck"
     from devices d
     join device_numbers dn on dn.organization_id = d.organization_id and dn.device_id = d.id
     join numbers n on n.organization_id = dn.organization_id and n.id = dn.number_id
     where d.organization_id = $1 and d.access = 'open' and ($2::text[] is null or n.phone_number = any ($2))
     order by n.phone_number`,
    [organizationId, only, onlineSeconds],
  );

/**
 * Takes a number from its old client. The device and its queue stay for when it registers again.
 * @returns the name it had; null: nobody had the number.
 */
export const unregister = async (db: Db, number: RelayNumber): Promise<string | null> => {
  if (!number.device) return null;
  await db.query(
    'delete from device_numbers where organization_id = $1 and number_id = $2 and device_id = $3',
    [number.organizationId, number.numberId, number.device.id],
  );
  return number.device.name;
};

/** How many numbers have an old client, in all organizations. */
export const countRegistered = async (db: Db): Promise<number> => {
  const [row] = await db.query<{ count: number }>(
    `select count(*) as count from device_numbers dn
     join devices d on d.organization_id = dn.organization_id and d.id = dn.device_id where d.access = 'open'`,
  );
  return row!.count;
};
