import type { Db } from '../base/db.ts';

// What an old client has been handed whole it has taken, though its next poll is now refused; the rest is for the paired device.
const sql = `
with gone as (
  delete from device_numbers dn using devices d
  where dn.organization_id = $1 and dn.number_id = any($3::uuid[])
    and d.organization_id = dn.organization_id and d.id = dn.device_id and d.access = 'open'
    and exists (select 1 from devices p where p.organization_id = $1 and p.id = $2 and p.access = 'token')
  returning dn.device_id, dn.number_id
), taken as (
  update device_texts t set status = 'taken', taken_at = now(), lease_until = null
  from gone g where t.organization_id = $1 and t.device_id = g.device_id and t.number_id = g.number_id
    and t.status = 'leased' and t.written_at is not null
), waiting as (
  delete from device_texts t using gone g
  where t.organization_id = $1 and t.device_id = g.device_id and t.number_id = g.number_id
    and (t.status = 'waiting' or t.status = 'leased' and t.written_at is null)
  returning t.number_id, t.message_id
)
insert into texts_without_device (organization_id, number_id, message_id)
select $1, number_id, message_id from waiting where message_id is not null
on conflict do nothing`;

/**
 * Takes numbers from their old clients when a device with a token is put on them: whoever has no token is refused there from now on.
 * What waits for the old client waits for the number's device. Call it in the transaction that puts the device on the numbers.
 */
export const replaceOldClients = async (
  tx: Db,
  organizationId: string,
  deviceId: string,
  numberIds: string[],
): Promise<void> => {
  await tx.query(sql, [organizationId, deviceId, numberIds]);
};
