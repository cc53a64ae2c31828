import type { Db } from '../../base/db.ts';
import { type FailureRules, failed } from './fail.ts';

const sql = `
with failing as (
  select * from device_texts where status = 'leased' and written_at is null and lease_until < now()
  order by lease_until limit 500 for update skip locked
), ${failed('$1', '$2')}
select distinct device_id as "deviceId" from failed`;

/** Puts back texts whose lease ran out without an ack, as failures. Returns the devices they are for. */
export const rescueDeviceTexts = async (db: Db, rules: FailureRules): Promise<string[]> => {
  const rows = await db.query<{ deviceId: string }>(
    sql,
    [rules.attempts, 'The device was given it and did not ack it in time.'],
    'rescue-device-texts',
  );
  return rows.map((row) => row.deviceId);
};
