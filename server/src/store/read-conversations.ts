import type { Conversation, MessageStatus, Page } from '@trunkline/contract';
import type { Db } from '../base/db.ts';

type ConversationRow = {
  id: string;
  number_id: string;
  number_phone: string;
  contact_id: string;
  contact_phone: string;
  contact_name: string | null;
  created_at: Date;
  last_message_at: Date;
  message_id: string | null;
  message_direction: 'inbound' | 'outbound';
  message_status: MessageStatus;
  message_body: string;
  message_at: Date;
};

const select = `select v.id, v.created_at, v.last_message_at, v.number_id, n.phone_number as number_phone, v.contact_id,
    c.phone_number as contact_phone, c.name as contact_name, m.id as message_id, m.direction as message_direction,
    m.status as message_status, m.body as message_body, m.created_at as message_at
  from conversations v
  join numbers n on n.organization_id = v.organization_id and n.id = v.number_id
  join contacts c on c.organization_id = v.organization_id and c.id = v.contact_id
  left join messages m on m.organization_id = v.organization_id and m.id = v.last_message_id`;

const present = (row: ConversationRow): Conversation => ({
  id: row.id,
  number: { id: row.number_id, phoneNumber: row.number_phone },
  contact: { id: row.contact_id, phoneNumber: row.contact_phone, name: row.contact_name },
  lastMessage:
    row.message_id === null
      ? null
      : {
          id: row.message_id,
          direction: row.message_direction,
          status: row.message_status,
          body: row.message_body,
          at: row.message_at.toISOString(),
        },
  createdAt: row.created_at.toISOString(),
  lastMessageAt: row.last_message_at.toISOString(),
});

/** One conversation of an organization; null when it has none by that id. */
export const readConversation = async (
  db: Db,
  organizationId: string,
  id: string,
): Promise<Conversation | null> => {
  const [row] = await db.query<ConversationRow>(`${select} where v.organization_id = $1 and v.id = $2`, [
    organizationId,
    id,
  ]);
  return row ? present(row) : null;
};

/** Conversations of an organization, the most recently active first. The cursor is `<time>_<id>` of the last one, the time to
 * the microsecond: a Date would cut it and skip rows. */
export const listConversations = async (
  db: Db,
  organizationId: string,
  page: { limit: number; cursor?: { at: string; id: string } | undefined },
): Promise<Page<Conversation>> => {
  const rows = await db.query<ConversationRow & { cursor: string }>(
    `${select.replace('select ', `select to_char(v.last_message_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as cursor, `)}
     where v.organization_id = $1 and ($2::timestamptz is null or (v.last_message_at, v.id) < ($2, $3::uuid))
     order by v.last_message_at desc, v.id desc limit $4`,
    [organizationId, page.cursor?.at ?? null, page.cursor?.id ?? null, page.limit + 1],
  );
  const data = rows.slice(0, page.limit);
  return {
    data: data.map(present),
    nextCursor: rows.length > page.limit ? `${data.at(-1)!.cursor}_${data.at(-1)!.id}` : null,
  };
};
