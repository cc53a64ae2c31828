import { columns } from '../../base/columns.ts';
import type { Db } from '../../base/db.ts';
import type { TextKey } from './text.ts';

const sql = `
update device_texts t set status = 'waiting', lease_until = null, attempts = t.attempts - 1, offer = null
from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[]) as k (organization_id, device_id, id, offer)
where t.organization_id = k.organization_id and t.device_id = k.device_id and t.id = k.id and t.offer = k.offer
  and t.status = 'leased'`;

/** Takes back a lease as if it had not been: only for texts that were surely not handed over, not even in part. */
export const handBack = async (db: Db, texts: (TextKey & { offer: number })[]): Promise<void> => {
  await db.query(sql, columns(texts, 'organizationId', 'deviceId', 'id', 'offer'), 'hand-back-device-texts');
};
