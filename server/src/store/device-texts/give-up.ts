import type { Db } from '../../base/db.ts';

// Other devices on the number have rows of their own. A text that has nobody left waits for the number's next device.
const sql = `
with given as (
  delete from device_texts t
  where organization_id = $1 and device_id = $2 and status <> 'taken' and ($3::uuid[] is null or number_id = any($3))
  returning *
)
insert into texts_without_device (organization_id, number_id, message_id)
select organization_id, number_id, message_id from given g
where message_id is not null and not exists (select 1 from device_numbers dn
  where dn.organization_id = g.organization_id and dn.number_id = g.number_id and dn.device_id <> $2)
on conflict do nothing`;

/**
 * Takes texts that a device has not taken out of its queue, all (null: it is deleted) or those of numbers it leaves. Call it in the
 * transaction that does this.
 */
export const giveUpTexts = async (
  tx: Db,
  organizationId: string,
  deviceId: string,
  numberIds: string[] | null,
): Promise<void> => {
  await tx.query(sql, [organizationId, deviceId, numberIds]);
};
