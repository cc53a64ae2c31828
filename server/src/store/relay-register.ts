import type { Db } from '../base/db.ts';
import { newId } from '../base/ids.ts';
import { adoptTexts } from './device-texts/adopt.ts';
import { offerAgain } from './device-texts/offer-again.ts';
import type { RelayNumber } from './relay-registry.ts';

type Named = { id: string; name: string; access: string; numbered: boolean };

const byName = async (db: Db, organizationId: string, name: string): Promise<Named | null> =>
  (
    await db.query<Named>(
      `select d.id, d.name, d.access, exists (select 1 from device_numbers dn
         where dn.organization_id = d.organization_id and dn.device_id = d.id) as numbered
       from devices d where d.organization_id = $1 and lower(d.name) = lower($2)`,
      [organizationId, name],
    )
  )[0] ?? null;

/** One statement at a time makes names in an organization: two clients may register the same one at once. */
export const lockNames = (db: Db, organizationId: string) =>
  db.query(`select pg_advisory_xact_lock(hashtext('device names'), hashtext($1))`, [organizationId]);

/**
 * The device of this client and the name it can have: names address devices, so of two boxes that call themselves the same the
 * later one gets a figure behind it. A name without a number was made for texts that came before their device: it is that device.
 */
const settleName = async (
  tx: Db,
  { organizationId, device }: RelayNumber,
  wanted: string,
): Promise<{ id: string | null; name: string; merge: string | null }> => {
  for (let figure = 1; ; figure++) {
    const name = figure === 1 ? wanted : `${wanted} ${figure}`;
    const holder = await byName(tx, organizationId, name);
    if (!holder || holder.id === device?.id) return { id: device?.id ?? null, name, merge: null };
    if (holder.access === 'open' && !holder.numbered)
      return device ? { id: device.id, name, merge: holder.id } : { id: holder.id, name, merge: null };
  }
};

/** Texts that came while no device had the number, and those an earlier client of it left behind. */
const bringTexts = async (tx: Db, number: RelayNumber, deviceId: string): Promise<void> => {
  const { organizationId, numberId } = number;
  await tx.query(
    `update device_texts t set device_id = $3, status = 'waiting', lease_until = null, written_at = null
     where t.organization_id = $1 and t.number_id = $2 and t.device_id <> $3 and t.status in ('waiting', 'leased')
       and exists (select 1 from devices d where d.organization_id = $1 and d.id = t.device_id and d.access = 'open')
       and not exists (select 1 from device_numbers dn where dn.organization_id = $1 and dn.device_id = t.device_id
         and dn.number_id = $2)
       and not exists (select 1 from device_texts o where o.organization_id = $1 and o.device_id = $3 and o.id = t.id)`,
    [organizationId, numberId, deviceId],
  );
  await adoptTexts(tx, organizationId);
};

/**
 * Registers an old client for a number, in the caller's transaction: from now on this device answers the number, and everything that
 * was not certainly handled is offered (again), because who registers has just started.
 * @param ip where it says it is; '' when it only polled.
 * @returns its device.
 */
export const register = async (
  tx: Db,
  number: RelayNumber,
  client: { name: string; ip: string },
): Promise<{ id: string; name: string }> => {
  const { organizationId, numberId } = number;
  const { id: known, name, merge } = await settleName(tx, number, client.name);
  const id = known ?? newId();
  if (merge) {
    await tx.query('update device_texts set device_id = $3 where organization_id = $1 and device_id = $2', [
      organizationId,
      merge,
      id,
    ]);
    await tx.query('delete from devices where organization_id = $1 and id = $2', [organizationId, merge]);
  }
  await tx.query(
    `insert into devices (organization_id, id, name, access, ip, last_seen_at) values ($1, $2, $3, 'open', $4, now())
     on conflict (organization_id, id) do update set name = excluded.name, ip = excluded.ip, last_seen_at = now()`,
    [organizationId, id, name, client.ip],
  );
  await offerAgain(tx, organizationId, id, null);
  const linked = await tx.query(
    `insert into device_numbers (organization_id, number_id, device_id) values ($1, $2, $3)
     on conflict do nothing returning device_id`,
    [organizationId, numberId, id],
  );
  if (linked.length > 0) {
    await tx.query(
      `update numbers set responder = 'device', assistant_id = null where organization_id = $1 and id = $2`,
      [organizationId, numberId],
    );
    await bringTexts(tx, number, id);
  }
  return { id, name };
};
