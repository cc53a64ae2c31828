import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from '@trunkline/contract';
import type { Device } from '@trunkline/contract/device';
import type { Database, Db } from '../base/db.ts';
import { Problem } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import { giveUpTexts } from './device-texts/give-up.ts';
import { addDeviceToken } from './device-tokens.ts';
import { replaceOldClients } from './relay-leave.ts';

type Row = Omit<Device, 'lastSeenAt' | 'lastTakenAt' | 'createdAt'> & {
  lastSeenAt: Date | null;
  lastTakenAt: Date | null;
  createdAt: Date;
};

// What counts here are partial indexes of what is open.
const select = `
select d.id, d.name, d.access, d.last_seen_at as "lastSeenAt", d.last_taken_at as "lastTakenAt", d.created_at as "createdAt",
  coalesce(d.last_seen_at > now() - $2 * interval '1 second', false) as online, d.over_limit_at is not null as "overLimit",
  coalesce((select jsonb_agg(jsonb_build_object('id', n.id, 'phoneNumber', n.phone_number) order by n.phone_number)
    from device_numbers dn join numbers n on n.organization_id = dn.organization_id and n.id = dn.number_id
    where dn.organization_id = d.organization_id and dn.device_id = d.id), '[]') as numbers,
  (select count(*) from device_texts t where t.organization_id = d.organization_id and t.device_id = d.id and t.status = 'waiting')
    + (select count(*) from device_texts t where t.organization_id = d.organization_id and t.device_id = d.id and t.status = 'leased')
    as pending,
  (select count(*) from device_texts t where t.organization_id = d.organization_id and t.device_id = d.id and t.status = 'dead')
    as dead
from devices d where d.organization_id = $1`;

const present = (row: Row): Device => ({
  ...row,
  lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
  lastTakenAt: row.lastTakenAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
});

/** A page of an organization's devices, the oldest first. One seen within `onlineSeconds` is online. */
export const listDevices = async (
  db: Db,
  organizationId: string,
  onlineSeconds: number,
  page: { limit: number; cursor?: string | undefined },
): Promise<Page<Device>> => {
  const rows = await db.query<Row>(`${select} and ($3::uuid is null or d.id > $3) order by d.id limit $4`, [
    organizationId,
    onlineSeconds,
    page.cursor ?? null,
    page.limit + 1,
  ]);
  const shown = rows.slice(0, page.limit);
  return { data: shown.map(present), nextCursor: rows.length > page.limit ? shown.at(-1)!.id : null };
};

/** A device by id, or null. */
export const readDevice = async (
  db: Db,
  organizationId: string,
  onlineSeconds: number,
  id: string,
): Promise<Device | null> => {
  const [row] = await db.query<Row>(`${select} and d.id = $3`, [organizationId, onlineSeconds, id]);
  return row ? present(row) : null;
};

/** The device of this name, in whatever case it is written, or null. */
export const deviceByName = async (
  db: Db,
  organizationId: string,
  name: string,
): Promise<{ id: string; name: string; overLimit: boolean } | null> =>
  (
    await db.query<{ id: string; name: string; overLimit: boolean }>(
      'select id, name, over_limit_at is not null as "overLimit" from devices where organization_id = $1 and lower(name) = lower($2)',
      [organizationId, name],
    )
  )[0] ?? null;

/** The numbers a device is on, in order. */
export const numbersOfDevice = (
  db: Db,
  organizationId: string,
  deviceId: string,
): Promise<{ id: string; phoneNumber: string }[]> =>
  db.query<{ id: string; phoneNumber: string }>(
    `select n.id, n.phone_number as "phoneNumber" from device_numbers dn
     join numbers n on n.organization_id = dn.organization_id and n.id = dn.number_id
     where dn.organization_id = $1 and dn.device_id = $2 order by dn.created_at, n.phone_number`,
    [organizationId, deviceId],
  );

const named = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    if ((error as { code?: string }).code === '23505')
      throw new Problem(409, 'device_exists', 'There is a device of this name already.');
    throw error;
  }
};

// A number that gets a device is answered by it from now on.
const putSql = `
with wanted as (
  select id from numbers where organization_id = $1 and id = any($3::uuid[])
), left_out as (
  delete from device_numbers where organization_id = $1 and device_id = $2 and number_id <> all($3::uuid[]) returning number_id
), put as (
  insert into device_numbers (organization_id, device_id, number_id) select $1, $2, id from wanted
  on conflict do nothing returning number_id
), answered as (
  update numbers set responder = 'device', assistant_id = null
  where organization_id = $1 and id in (select number_id from put) and responder <> 'device'
)
select (select count(*)::int from wanted) as wanted, array(select number_id from left_out) as "leftOut"`;

const putOnNumbers = async (tx: Db, organizationId: string, deviceId: string, numberIds: string[]) => {
  const ids = [...new Set(numberIds)];
  await replaceOldClients(tx, organizationId, deviceId, ids);
  const [row] = await tx.query<{ wanted: number; leftOut: string[] }>(putSql, [
    organizationId,
    deviceId,
    ids,
  ]);
  if (row!.wanted < ids.length) throw new Problem(404, 'not_found', 'There is no such number.');
  if (row!.leftOut.length > 0) await giveUpTexts(tx, organizationId, deviceId, row!.leftOut);
};

/**
 * Makes a device with its numbers and its token, which is in this answer and nowhere else. Throws Problem 409 `device_exists` for a
 * name that is taken, 404 for a number that is not the organization's.
 */
export const pairDevice = (
  db: Database,
  organizationId: string,
  { name, numberIds }: { name: string; numberIds: string[] },
): Promise<{ id: string; token: string }> =>
  named(
    db.transaction(async (tx) => {
      const id = newId();
      await tx.query('insert into devices (organization_id, id, name) values ($1, $2, $3)', [
        organizationId,
        id,
        name,
      ]);
      await putOnNumbers(tx, organizationId, id, numberIds);
      return { id, token: await addDeviceToken(tx, organizationId, id) };
    }),
  );

/**
 * Changes a device's name or its numbers. Texts it has not taken of numbers it leaves are not its own any more. Returns false when there
 * is no such device; throws as `pairDevice`.
 */
export const changeDevice = (
  db: Database,
  organizationId: string,
  id: string,
  change: { name?: string | undefined; numberIds?: string[] | undefined },
): Promise<boolean> =>
  named(
    db.transaction(async (tx) => {
      const changed = await tx.query(
        'update devices set name = coalesce($3, name) where organization_id = $1 and id = $2 returning id',
        [organizationId, id, change.name ?? null],
      );
      if (changed.length === 0) return false;
      if (change.numberIds) await putOnNumbers(tx, organizationId, id, change.numberIds);
      return true;
    }),
  );

/** Resolves when no statement can be under way any more that began before `tx` was committed, or after some seconds. */
const settled = async (db: Db, tx: string): Promise<void> => {
  for (let looks = 0; looks < 200; looks++) {
    const [row] = await db.query<{ over: boolean }>(
      'select pg_snapshot_xmin(pg_current_snapshot()) > $1::text::xid8 as over',
      [tx],
    );
    if (row!.over) return;
    await sleep(20);
  }
};

/**
 * Deletes a device with its tokens and its queue. Texts it has not taken, on a number that has no other device, wait for the next one.
 * Returns false when there is no such device.
 */
export const deleteDevice = async (db: Database, organizationId: string, id: string): Promise<boolean> => {
  // First off its numbers, and then the queue: a text that was being recorded meanwhile is in it by then, and not left to nobody.
  const [left] = await db.query<{ tx: string }>(
    `with left_out as (delete from device_numbers where organization_id = $1 and device_id = $2)
     select pg_current_xact_id()::text as tx from devices where organization_id = $1 and id = $2`,
    [organizationId, id],
  );
  if (!left) return false;
  await settled(db, left.tx);
  return db.transaction(async (tx) => {
    const deleted = await tx.query(
      'delete from devices where organization_id = $1 and id = $2 returning id',
      [organizationId, id],
    );
    if (deleted.length === 0) return false;
    await giveUpTexts(tx, organizationId, id, null);
    await tx.query('delete from device_texts where organization_id = $1 and device_id = $2', [
      organizationId,
      id,
    ]);
    return true;
  });
};
