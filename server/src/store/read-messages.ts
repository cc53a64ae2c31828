import type { Message, MessageStatus, Page, Priority } from '@trunkline/contract';
import type { Db } from '../base/db.ts';

/** A message as it is stored. What came with it is in `media`, at addresses that this room can't make. */
export type StoredMessage = Omit<Message, 'media'>;

type MessageRow = {
  id: string;
  conversation_id: string;
  direction: 'inbound' | 'outbound';
  status: MessageStatus;
  author: Message['author'];
  from_address: string;
  to_address: string;
  body: string;
  media_urls: string[] | null;
  segments: number;
  encoding: 'gsm7' | 'ucs2';
  priority: number;
  part_index: number | null;
  part_count: number | null;
  metadata: Record<string, unknown> | null;
  run_at: Date;
  send_at: Date | null;
  expires_at: Date | null;
  hold_reason: string | null;
  attempts: number;
  provider_sid: string | null;
  error_code: string | null;
  error_message: string | null;
  created_at: Date;
  sent_at: Date | null;
  delivered_at: Date | null;
};

const columns = `id, conversation_id, direction, status, author, from_address, to_address, body, media_urls, segments, encoding,
  priority, part_index, part_count, metadata, case when run_at = 'infinity' then null else run_at end as run_at, send_at, expires_at,
  hold_reason, attempts, provider_sid, error_code, error_message, created_at, sent_at, delivered_at`;

const words: Priority[] = ['urgent', 'high', 'normal', 'bulk'];
const iso = (date: Date | null) => date?.toISOString() ?? null;

const present = (row: MessageRow): StoredMessage => ({
  id: row.id,
  conversationId: row.conversation_id,
  direction: row.direction,
  status: row.status,
  from: row.from_address,
  to: row.to_address,
  body: row.body,
  mediaUrls: row.media_urls ?? [],
  segments: row.segments,
  encoding: row.encoding,
  priority: words[row.priority]!,
  hold: row.hold_reason === null ? null : { reason: row.hold_reason, until: iso(row.run_at) },
  providerSid: row.provider_sid,
  errorCode: row.error_code,
  errorMessage: row.error_message,
  attempts: row.attempts,
  author: row.author,
  part: row.part_index === null ? null : { index: row.part_index, count: row.part_count! },
  sendAt: iso(row.send_at),
  expiresAt: iso(row.expires_at),
  metadata: row.metadata ?? {},
  createdAt: row.created_at.toISOString(),
  sentAt: iso(row.sent_at),
  deliveredAt: iso(row.delivered_at),
});

/** One message of an organization; null when it has none by that id. */
export const readMessage = async (
  db: Db,
  organizationId: string,
  id: string,
): Promise<StoredMessage | null> => {
  const [row] = await db.query<MessageRow>(
    `select ${columns} from messages where organization_id = $1 and id = $2`,
    [organizationId, id],
    'read-message',
  );
  return row ? present(row) : null;
};

/** Messages of an organization, the newest first, optionally of one conversation or in one status. The cursor is the last id. */
export const listMessages = async (
  db: Db,
  organizationId: string,
  filter: { conversationId?: string | undefined; status?: MessageStatus | undefined },
  page: { limit: number; cursor?: string | undefined },
): Promise<Page<StoredMessage>> => {
  const rows = await db.query<MessageRow>(
    `select ${columns} from messages
     where organization_id = $1 and ($2::uuid is null or conversation_id = $2) and ($3::text is null or status = $3)
       and ($4::uuid is null or id < $4)
     order by id desc limit $5`,
    [
      organizationId,
      filter.conversationId ?? null,
      filter.status ?? null,
      page.cursor ?? null,
      page.limit + 1,
    ],
  );
  const data = rows.slice(0, page.limit).map(present);
  return { data, nextCursor: rows.length > page.limit ? data.at(-1)!.id : null };
};

/** The newest texts of a conversation up to `limit`, the oldest first: what a model is shown. */
export const readHistory = async (
  db: Db,
  organizationId: string,
  conversationId: string,
  limit: number,
): Promise<StoredMessage[]> => {
  const rows = await db.query<MessageRow>(
    `select ${columns} from messages where organization_id = $1 and conversation_id = $2
       and status not in ('canceled', 'expired', 'failed')
     order by id desc limit $3`,
    [organizationId, conversationId, limit],
    'read-history',
  );
  return rows.reverse().map(present);
};
