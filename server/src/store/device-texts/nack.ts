import type { Db } from '../../base/db.ts';
import { type FailureRules, failed } from './fail.ts';
import type { TextKey } from './text.ts';

// A text whose lease ran out before the nack came has failed already; that counts once.
const sql = `
with failing as (
  select t.* from device_texts t
  where organization_id = $1 and device_id = $2 and id = $3 and status = 'leased' for update
), ${failed('$4', '$5')}
select status from failed
union all
select status from device_texts where organization_id = $1 and device_id = $2 and id = $3 and not exists (select 1 from failed)`;

/**
 * Notes that the device failed at a text: it is offered again after a growing delay, and after too many failures it is a dead letter.
 * @returns the text's status afterwards; null when the device has no such text.
 */
export const nackText = async (
  db: Db,
  key: TextKey,
  rules: FailureRules,
  reason: string,
): Promise<'waiting' | 'leased' | 'taken' | 'dead' | null> => {
  const rows = await db.query<{ status: 'waiting' | 'taken' | 'dead' }>(
    sql,
    [
      key.organizationId,
      key.deviceId,
      key.id,
      rules.attempts,
      reason || 'The device could not handle it and gave no reason.',
    ],
    'nack-device-text',
  );
  return rows[0]?.status ?? null;
};
