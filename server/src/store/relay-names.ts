import type { Db } from '../base/db.ts';
import { newId } from '../base/ids.ts';
import { lockNames } from './relay-register.ts';

/** A device by the name others write to it. */
export type NamedDevice = { id: string; name: string; access: 'open' | 'token' };

/** Finds a device of the organization by its name, in whatever case. */
export const findByName = async (db: Db, organizationId: string, name: string): Promise<NamedDevice | null> =>
  (
    await db.query<NamedDevice>(
      'select id, name, access from devices where organization_id = $1 and lower(name) = lower($2)',
      [organizationId, name],
    )
  )[0] ?? null;

/** Names that may wait for a device of theirs, per organization: anybody can make them up. */
const mostNames = 100;

/** As findByName, and keeps a name that no device has yet, for texts that come before it. Returns null when there are too many of these. */
export const findOrKeepName = (
  db: { transaction<R>(work: (tx: Db) => Promise<R>): Promise<R> },
  organizationId: string,
  name: string,
): Promise<NamedDevice | null> =>
  db.transaction(async (tx) => {
    await lockNames(tx, organizationId);
    const known = await findByName(tx, organizationId, name);
    if (known) return known;
    const id = newId();
    const made = await tx.query(
      `insert into devices (organization_id, id, name, access, ip)
       select $1, $2, $3, 'open', '' where (select count(*) from devices d where d.organization_id = $1 and d.access = 'open'
         and not exists (select 1 from device_numbers dn where dn.organization_id = $1 and dn.device_id = d.id)) < $4
       returning id`,
      [organizationId, id, name, mostNames],
    );
    return made.length > 0 ? { id, name, access: 'open' } : null;
  });
