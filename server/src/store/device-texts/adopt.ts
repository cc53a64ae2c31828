import type { Db } from '../../base/db.ts';

// `delete` decides who adopts a text: of two that try at once, the second finds it gone.
const sql = `
with adopted as (
  delete from texts_without_device w
  where ($1::uuid is null or organization_id = $1)
    and exists (select 1 from device_numbers dn join numbers n on n.organization_id = dn.organization_id and n.id = dn.number_id
      where dn.organization_id = w.organization_id and dn.number_id = w.number_id and n.responder = 'device')
  returning *
), written as (
  insert into device_texts (organization_id, device_id, id, message_id, conversation_id, number_id, from_address, to_address, body,
    created_at)
  select m.organization_id, dn.device_id, m.id, m.id, m.conversation_id, m.number_id, m.from_address, m.to_address, m.body,
    m.created_at
  from adopted a
  join messages m on m.organization_id = a.organization_id and m.id = a.message_id
  join device_numbers dn on dn.organization_id = a.organization_id and dn.number_id = a.number_id
  order by dn.device_id, m.id
  on conflict do nothing
  returning *
), appended as (
  insert into events (organization_id, type, conversation_id, message_id, data)
  select w.organization_id, 'device.queued', w.conversation_id, w.message_id,
    jsonb_build_object('deviceId', w.device_id, 'device', d.name, 'textId', w.id)
  from written w join devices d on d.organization_id = w.organization_id and d.id = w.device_id order by w.id
)
select distinct device_id as "deviceId" from written`;

/**
 * Gives texts that came while their number had no device to the devices it has now, of one organization or of all (null).
 * @returns the devices that have got some.
 */
export const adoptTexts = async (db: Db, organizationId: string | null): Promise<string[]> =>
  (await db.query<{ deviceId: string }>(sql, [organizationId], 'adopt-texts')).map((row) => row.deviceId);
