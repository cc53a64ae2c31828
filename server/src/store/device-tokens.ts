import { randomBytes } from 'node:crypto';
import type { Db } from '../base/db.ts';
import { sha256 } from '../base/secrets.ts';

/** How long tokens still work after a new one was made, unless that is used sooner. */
const graceSeconds = 600;

/** The device a token belongs to. */
export type DeviceOfToken = { organizationId: string; deviceId: string; name: string };

const addSql = `
with older as (
  update device_tokens set expires_at = least(coalesce(expires_at, 'infinity'), now() + $4 * interval '1 second')
  where organization_id = $1 and device_id = $2
)
insert into device_tokens (organization_id, device_id, hash) values ($1, $2, $3)`;

/**
 * Makes a token for a device. Tokens it had work until the new one is used, at most ten minutes.
 * @returns `td_` and 32 random bytes in base64url; only its SHA-256 is stored.
 */
export const addDeviceToken = async (db: Db, organizationId: string, deviceId: string): Promise<string> => {
  const token = `td_${randomBytes(32).toString('base64url')}`;
  await db.query(addSql, [organizationId, deviceId, sha256(token), graceSeconds]);
  return token;
};

/** Ends all tokens of a device. Raise the signal `access` afterwards. */
export const revokeDeviceTokens = async (db: Db, organizationId: string, deviceId: string): Promise<void> => {
  await db.query('delete from device_tokens where organization_id = $1 and device_id = $2', [
    organizationId,
    deviceId,
  ]);
};

// The first use of the newest token (it alone doesn't expire) ends those it replaces.
const findSql = `
with used as (
  update device_tokens set used_at = now() where hash = $1 and used_at is null and (expires_at is null or expires_at > now())
  returning *
), ended as (
  delete from device_tokens t using used
  where t.organization_id = used.organization_id and t.device_id = used.device_id and t.hash <> used.hash
    and used.expires_at is null
  returning 1
)
select t.organization_id as "organizationId", t.device_id as "deviceId", d.name, exists (select 1 from ended) as ended
from device_tokens t join devices d on d.organization_id = t.organization_id and d.id = t.device_id
where t.hash = $1 and (t.expires_at is null or t.expires_at > now())`;

/** The device whose working token has this SHA-256, or null. `ended`: this was its first use and ended older ones. */
export const findDevice = async (
  db: Db,
  hash: Buffer,
): Promise<(DeviceOfToken & { ended: boolean }) | null> =>
  (await db.query<DeviceOfToken & { ended: boolean }>(findSql, [hash], 'find-device'))[0] ?? null;
