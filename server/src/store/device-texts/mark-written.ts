import type { Db } from '../../base/db.ts';

const sql = `
update device_texts set written_at = now()
where organization_id = $1 and device_id = $2 and id = any($3::uuid[]) and status = 'leased'`;

/** Old clients: the response with these texts went out whole. Their leases don't run out any more; the next poll takes them. */
export const markWritten = async (
  db: Db,
  organizationId: string,
  deviceId: string,
  ids: string[],
): Promise<void> => {
  await db.query(sql, [organizationId, deviceId, ids], 'mark-device-texts-written');
};
