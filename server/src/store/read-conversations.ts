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
  message_id: string | null;
  message_direction: 'inbound' | 'outbound';
  message_status: MessageStatus;
  message_body: string;
  message_at: Date;
};

const columns = `v.id, v.created_at, v.number_id, n.phone_number as number_phone, v.contact_id, c.phone_number as contact_phone,
  c.name as contact_name, m.id as message_id, m.direction as message_direction, m.status as message_status,
  m.body as message_body, m.created_at as message_at`;

const ends = `join numbers n on n.organization_id = v.organization_id and n.id = v.number_id
  join contacts c on c.organization_id = v.organization_id and c.id = v.contact_id`;

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
  lastMessageAt: (row.message_id === null ? row.created_at : row.message_at).toISOString(),
});

/** One conversation of an organization; null when it has none by that id. */
export const readConversation = async (
  db: Db,
  organizationId: string,
  id: string,
): Promise<Conversation | null> => {
  const [row] = await db.query<ConversationRow>(
    `select ${columns} from conversations v ${ends}
     left join lateral (
       select * from messages where organization_id = v.organization_id and conversation_id = v.id order by id desc limit 1
     ) m on true
     where v.organization_id = $1 and v.id = $2`,
    [organizationId, id],
    'read-conversation',
  );
  return row ? present(row) : null;
};

// Walks the messages from the newest back and takes those that are the newest of their conversation: one probe of an index for each
// message passed. So a conversation's place in the list costs nothing where it is made, on the path of every text; a column for it was
// measured at a tenth of an inbound record.
const listSql = `
select ${columns}
from (
  select * from messages m
  where organization_id = $1 and ($2::uuid is null or id < $2)
    and not exists (
      select 1 from messages newer
      where newer.organization_id = m.organization_id and newer.conversation_id = m.conversation_id and newer.id > m.id)
  order by id desc limit $3
) m
join conversations v on v.organization_id = m.organization_id and v.id = m.conversation_id ${ends}
order by m.id desc`;

/** Conversations of an organization, the most recently active first. The cursor is the last one's newest message. */
export const listConversations = async (
  db: Db,
  organizationId: string,
  page: { limit: number; cursor?: string | undefined },
): Promise<Page<Conversation>> => {
  const rows = await db.query<ConversationRow>(listSql, [
    organizationId,
    page.cursor ?? null,
    page.limit + 1,
  ]);
  const data = rows.slice(0, page.limit).map(present);
  return { data, nextCursor: rows.length > page.limit ? data.at(-1)!.lastMessage!.id : null };
};
