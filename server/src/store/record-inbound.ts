import { columns, json } from '../base/columns.ts';
import type { Db } from '../base/db.ts';
import { newId } from '../base/ids.ts';

/** A text that came in, checked and routed, with everything that must be written in one transaction. */
export type InboundRecord = {
  organizationId: string;
  id: string;
  conversationId: string;
  numberId: string;
  providerSid: string;
  from: string;
  to: string;
  body: string;
  mediaUrls: string[];
  /** One per media URL, in order: what the provider says it is. */
  mediaTypes: string[];
  segments: number;
  encoding: 'gsm7' | 'ucs2';
  createdAt: Date;
  /** The record of verify, screen and route, and what else the provider said. */
  detail: Record<string, unknown>;
  /** The assistant that shall answer; null: none. */
  assistantId: string | null;
  turnId: string | null;
  /** Whether it goes to the devices on its number. */
  toDevices: boolean;
};

// One statement, so one transaction: the dedupe (the unique sid), the message, its event with the route decision, and the turn.
// A turn that still waits takes the new text along: the row lock of "do update" keeps a worker from claiming it in between.
// Which devices get the text is decided here and not before, and said in the event; without one it waits for the number's first.
const statement = (more: string) => `
with incoming as (
  select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::jsonb[],
    $10::smallint[], $11::text[], $12::timestamptz[], $13::jsonb[], $14::uuid[], $15::uuid[], $16::boolean[])
  as t (organization_id, id, conversation_id, number_id, provider_sid, from_address, to_address, body, media_urls, segments,
    encoding, created_at, detail, assistant_id, turn_id, to_devices)
), recorded as (
  insert into messages (organization_id, id, conversation_id, number_id, direction, status, author, provider_sid, from_address,
    to_address, body, media_urls, segments, encoding, created_at)
  select organization_id, id, conversation_id, number_id, 'inbound', 'received', 'contact', provider_sid, from_address, to_address,
    body, media_urls, segments, encoding, created_at
  from incoming order by provider_sid
  on conflict (organization_id, provider_sid) where provider_sid is not null do nothing
  returning id
), targets as materialized (
  select i.organization_id, i.id, dn.device_id, d.name from incoming i join recorded using (id)
  join device_numbers dn on dn.organization_id = i.organization_id and dn.number_id = i.number_id
  join devices d on d.organization_id = dn.organization_id and d.id = dn.device_id
  where i.to_devices
), queued as (
  insert into device_texts (organization_id, device_id, id, message_id, conversation_id, number_id, from_address, to_address, body,
    created_at)
  select i.organization_id, t.device_id, i.id, i.id, i.conversation_id, i.number_id, i.from_address, i.to_address, i.body,
    i.created_at
  from targets t join incoming i using (id) order by t.device_id, i.id
), targeted as (
  select id, array_agg(device_id) as device_ids, string_agg(name, ', ' order by name) as names from targets group by id
), parked as (
  insert into texts_without_device (organization_id, number_id, message_id)
  select organization_id, number_id, id from incoming join recorded using (id)
  where to_devices and id not in (select id from targeted)
), appended as (
  insert into events (organization_id, type, at, conversation_id, message_id, status, data)
  select organization_id, 'message.received', created_at, conversation_id, id, 'received',
    case when device_ids is null then detail else jsonb_set(detail, '{route,summary}', to_jsonb(
      case cardinality(device_ids) when 1 then 'To the device ' else 'To the devices ' end || names || ', on this number.')) end
  from incoming join recorded using (id) left join targeted using (id) order by id
), turned as (
  insert into turns (organization_id, id, conversation_id, assistant_id, status, last_message_id)
  select distinct on (conversation_id) organization_id, turn_id, conversation_id, assistant_id, 'waiting', id
  from incoming join recorded using (id) where assistant_id is not null order by conversation_id, id desc
  on conflict (conversation_id) where status = 'waiting' do update set last_message_id = excluded.last_message_id
)${more}
select id, device_ids as "deviceIds" from recorded left join targeted using (id)`;

const sql = statement('');

// Only a batch in which something came with a text pays for it.
const sqlWithMedia = statement(`, attached as (
  insert into media (organization_id, id, message_id, position, provider_url, content_type)
  select i.organization_id, m.id, m.message_id, m.position, m.url, m.content_type
  from unnest($17::uuid[], $18::uuid[], $19::smallint[], $20::text[], $21::text[]) as m (id, message_id, position, url, content_type)
  join incoming i on i.id = m.message_id join recorded r on r.id = m.message_id
)`);

const mediaOf = (records: InboundRecord[]) =>
  records.flatMap((one) =>
    one.mediaUrls.map((url, position) => ({
      id: newId(),
      messageId: one.id,
      position,
      url,
      contentType: one.mediaTypes[position] ?? null,
    })),
  );

type Recorded = { id: string; deviceIds: string[] | null };
const none: string[] = [];

/**
 * Records incoming texts.
 * @returns for each, the devices that have it in their queue; null: its sid was recorded before, and nothing was written.
 */
export const recordInbound = async (db: Db, records: InboundRecord[]): Promise<(string[] | null)[]> => {
  const rows = records.map((one) => ({
    ...one,
    mediaUrls: one.mediaUrls.length > 0 ? json(one.mediaUrls) : null,
    detail: json(one.detail),
  }));
  const values = columns(
    rows,
    'organizationId',
    'id',
    'conversationId',
    'numberId',
    'providerSid',
    'from',
    'to',
    'body',
    'mediaUrls',
    'segments',
    'encoding',
    'createdAt',
    'detail',
    'assistantId',
    'turnId',
    'toDevices',
  );
  const media = mediaOf(records);
  const recorded = await (media.length === 0
    ? db.query<Recorded>(sql, values, 'record-inbound')
    : db.query<Recorded>(
        sqlWithMedia,
        [...values, ...columns(media, 'id', 'messageId', 'position', 'url', 'contentType')],
        'record-inbound-media',
      ));
  const found = new Map(recorded.map((row) => [row.id, row.deviceIds ?? none]));
  return records.map((one) => found.get(one.id) ?? null);
};
