import { columns, json } from '../base/columns.ts';
import type { Db } from '../base/db.ts';

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
  segments: number;
  encoding: 'gsm7' | 'ucs2';
  createdAt: Date;
  /** The record of verify, screen and route, and what else the provider said. */
  detail: Record<string, unknown>;
  /** The assistant that shall answer; null: none. */
  assistantId: string | null;
  turnId: string | null;
};

// One statement, so one transaction: the dedupe (the unique sid), the message, its event with the route decision, and the turn.
// A turn that still waits takes the new text along: the row lock of "do update" keeps a worker from claiming it in between.
const sql = `
with incoming as (
  select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::jsonb[],
    $10::smallint[], $11::text[], $12::timestamptz[], $13::jsonb[], $14::uuid[], $15::uuid[])
  as t (organization_id, id, conversation_id, number_id, provider_sid, from_address, to_address, body, media_urls, segments,
    encoding, created_at, detail, assistant_id, turn_id)
), recorded as (
  insert into messages (organization_id, id, conversation_id, number_id, direction, status, author, provider_sid, from_address,
    to_address, body, media_urls, segments, encoding, created_at)
  select organization_id, id, conversation_id, number_id, 'inbound', 'received', 'contact', provider_sid, from_address, to_address,
    body, media_urls, segments, encoding, created_at
  from incoming order by provider_sid
  on conflict (organization_id, provider_sid) where provider_sid is not null do nothing
  returning id
), appended as (
  insert into events (organization_id, type, at, conversation_id, message_id, status, data)
  select organization_id, 'message.received', created_at, conversation_id, id, 'received', detail
  from incoming join recorded using (id) order by id
), turned as (
  insert into turns (organization_id, id, conversation_id, assistant_id, status, last_message_id)
  select distinct on (conversation_id) organization_id, turn_id, conversation_id, assistant_id, 'waiting', id
  from incoming join recorded using (id) where assistant_id is not null order by conversation_id, id desc
  on conflict (conversation_id) where status = 'waiting' do update set last_message_id = excluded.last_message_id
)
select id from recorded`;

/**
 * Records incoming texts.
 * @returns for each, whether it was new; false: its sid was recorded before, and nothing was written.
 */
export const recordInbound = async (db: Db, records: InboundRecord[]): Promise<boolean[]> => {
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
  );
  const recorded = await db.query<{ id: string }>(sql, values, 'record-inbound');
  if (recorded.length === records.length) return records.map(() => true);
  const ids = new Set(recorded.map((row) => row.id));
  return records.map((one) => ids.has(one.id));
};
