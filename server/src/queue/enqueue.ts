import type { Priority } from '@trunkline/contract';
import { columns, json } from '../base/columns.ts';
import type { Db } from '../base/db.ts';

/** An outgoing text, complete and checked, as it goes into the queue. */
export type Outgoing = {
  organizationId: string;
  id: string;
  conversationId: string;
  numberId: string;
  author: 'api' | 'assistant' | 'person' | 'device';
  from: string;
  to: string;
  body: string;
  mediaUrls: string[];
  segments: number;
  encoding: 'gsm7' | 'ucs2';
  priority: Priority;
  part: { index: number; count: number } | null;
  metadata: Record<string, unknown>;
  /** Why it waits, and until when; null: it may go now. */
  hold: { reason: string; until: Date | null } | null;
  sendAt: Date | null;
  expiresAt: Date | null;
  createdAt: Date;
};

export const priorities: Priority[] = ['urgent', 'high', 'normal', 'bulk'];

// Parts of a long text are rows of one statement: all of them or none.
const sql = `
with incoming as (
  select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::jsonb[],
    $10::smallint[], $11::text[], $12::smallint[], $13::smallint[], $14::smallint[], $15::jsonb[], $16::text[],
    $17::timestamptz[], $18::timestamptz[], $19::timestamptz[], $20::timestamptz[])
  as t (organization_id, id, conversation_id, number_id, author, from_address, to_address, body, media_urls, segments, encoding,
    priority, part_index, part_count, metadata, hold_reason, hold_until, send_at, expires_at, created_at)
), inserted as (
  insert into messages (organization_id, id, conversation_id, number_id, direction, status, author, from_address, to_address,
    body, media_urls, segments, encoding, priority, part_index, part_count, metadata, hold_reason, run_at, send_at,
    expires_at, created_at)
  select organization_id, id, conversation_id, number_id, 'outbound',
    case when hold_reason is null then 'queued' else 'held' end, author, from_address, to_address, body, media_urls, segments,
    encoding, priority, part_index, part_count, metadata, hold_reason,
    case when hold_reason is null then now() else coalesce(hold_until, 'infinity') end, send_at, expires_at, created_at
  from incoming
)
insert into events (organization_id, type, at, conversation_id, message_id, status, data)
select organization_id, case when hold_reason is null then 'message.accepted' else 'message.held' end, created_at, conversation_id,
  id, case when hold_reason is null then 'queued' else 'held' end,
  case when hold_reason is null then jsonb_build_object('author', author, 'segments', segments)
    else jsonb_build_object('author', author, 'segments', segments, 'reason', hold_reason, 'until', hold_until) end
from incoming`;

/** Puts texts into the send queue, with their events: all of them or none. Runs in the caller's transaction when given one. */
export const enqueue = async (db: Db, texts: Outgoing[]): Promise<void> => {
  const rows = texts.map((text) => ({
    ...text,
    mediaUrls: text.mediaUrls.length > 0 ? json(text.mediaUrls) : null,
    priority: priorities.indexOf(text.priority),
    partIndex: text.part?.index ?? null,
    partCount: text.part?.count ?? null,
    metadata: Object.keys(text.metadata).length > 0 ? json(text.metadata) : null,
    holdReason: text.hold?.reason ?? null,
    holdUntil: text.hold?.until ?? null,
  }));
  const values = columns(
    rows,
    'organizationId',
    'id',
    'conversationId',
    'numberId',
    'author',
    'from',
    'to',
    'body',
    'mediaUrls',
    'segments',
    'encoding',
    'priority',
    'partIndex',
    'partCount',
    'metadata',
    'holdReason',
    'holdUntil',
    'sendAt',
    'expiresAt',
    'createdAt',
  );
  await db.query(sql, values, 'enqueue');
};
