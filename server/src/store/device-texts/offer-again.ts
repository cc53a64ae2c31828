import type { Db } from '../../base/db.ts';

const sql = `
update device_texts set status = 'waiting', lease_until = null, written_at = null
where organization_id = $1 and device_id = $2 and status = 'leased' and ($3::uuid[] is null or id = any($3))`;

/**
 * Puts leased texts of a device back into their places at once, all (null: an old client registered anew) or those named (a response
 * that broke off). Not a failure; but it counts as an offer, as they may have arrived.
 */
export const offerAgain = async (
  db: Db,
  organizationId: string,
  deviceId: string,
  ids: string[] | null,
): Promise<void> => {
  await db.query(sql, [organizationId, deviceId, ids], 'offer-device-texts-again');
};
