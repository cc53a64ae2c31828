import { columns } from '../../base/columns.ts';
import type { Db } from '../../base/db.ts';
import type { LeasedText } from './text.ts';

/** A device that can take texts now. */
export type Asking = {
  organizationId: string;
  deviceId: string;
  /** Its stream or poll: nothing is leased when a newer one has come. null: an old client, which has none. */
  connection: string | null;
};

// One statement for all that ask: for each device the due texts in order of arrival, as many as it may hold unacked. A text another
// process is changing right now is passed over and found at the next look.
const sql = `
with asking as materialized (
  select d.organization_id, d.id as device_id, d.name
  from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as a (organization_id, device_id, connection)
  join devices d on d.organization_id = a.organization_id and d.id = a.device_id
    and (a.connection is null or d.connection = a.connection)
), due as materialized (
  select w.*, a.name from asking a cross join lateral (
    select t.organization_id, t.device_id, t.id from device_texts t
    where t.organization_id = a.organization_id and t.device_id = a.device_id and t.status = 'waiting' and t.run_at <= now()
    order by t.run_at, t.id
    limit greatest(0, $4 - (select count(*) from device_texts l
      where l.organization_id = a.organization_id and l.device_id = a.device_id and l.status = 'leased'))
    for update skip locked
  ) w
), numbered as materialized (
  select due.*, nextval('device_offers') as offer from due
), leased as (
  update device_texts t
  set status = 'leased', attempts = t.attempts + 1, offer = n.offer, lease_until = now() + $5 * interval '1 second',
    written_at = null
  from numbered n
  where t.organization_id = n.organization_id and t.device_id = n.device_id and t.id = n.id
  returning t.*, n.name
), appended as (
  insert into events (organization_id, type, conversation_id, message_id, data)
  select organization_id, 'device.offered', conversation_id, message_id,
    jsonb_build_object('deviceId', device_id, 'device', name, 'textId', id, 'attempt', attempts)
  from leased where message_id is not null order by offer
)
select organization_id as "organizationId", device_id as "deviceId", id, message_id as "messageId",
  conversation_id as "conversationId", from_address as "from", to_address as "to", body, media_urls as "mediaUrls",
  attempts as attempt, offer, created_at as "createdAt", lease_until as "leaseUntil",
  (select jsonb_agg(jsonb_build_object('id', id, 'contentType', content_type) order by position) from media
    where media.organization_id = leased.organization_id and media.message_id = leased.message_id and status <> 'failed') as media
from leased order by offer`;

/**
 * Leases to each device what is due, in order of arrival, for `leaseSeconds`.
 * @param most how many texts a device may hold unacked, those it holds already included.
 */
export const leaseTexts = (
  db: Db,
  asking: Asking[],
  most: number,
  leaseSeconds: number,
): Promise<LeasedText[]> =>
  db.query<LeasedText>(
    sql,
    [...columns(asking, 'organizationId', 'deviceId', 'connection'), most, leaseSeconds],
    'lease-device-texts',
  );
