import type { Event } from '@trunkline/contract';
import type { Db } from '../base/db.ts';

export type EventRow = {
  tx: string;
  seq: number;
  organization_id: string;
  type: string;
  at: Date;
  conversation_id: string | null;
  message_id: string | null;
  status: string | null;
  data: Record<string, unknown>;
};

/** A place in the stream of events. */
export type Cursor = { tx: string; seq: number };

export const presentEvent = (row: EventRow): Event => ({
  id: `${row.tx}-${row.seq}`,
  type: row.type,
  at: row.at.toISOString(),
  conversationId: row.conversation_id,
  messageId: row.message_id,
  status: row.status,
  data: row.data,
});

/** Whether a place is behind another: only events there are news to whoever has read up to that one. */
export const isBehind = (place: Cursor, other: Cursor): boolean =>
  place.tx === other.tx ? place.seq > other.seq : BigInt(place.tx) > BigInt(other.tx);

/** Reads a cursor from an event's id; null when it isn't one. */
export const parseCursor = (id: string): Cursor | null => {
  const found = /^(\d{1,19})-(\d{1,15})$/.exec(id);
  return found ? { tx: found[1]!, seq: Number(found[2]) } : null;
};

// An order by "tx" alone would be that of the text: 1000 before 999.
const columns = 'tx::text as tx, seq, organization_id, type, at, conversation_id, message_id, status, data';

/**
 * Events behind a cursor, in order, of all organizations (null) or one. Only those that no transaction under way can still get
 * ahead of: `tx` below the oldest running one.
 */
export const readEvents = (
  db: Db,
  after: Cursor,
  organizationId: string | null,
  limit: number,
): Promise<EventRow[]> =>
  db.query<EventRow>(
    `select ${columns} from events
     where (tx, seq) > ($1::text::xid8, $2) and tx < pg_snapshot_xmin(pg_current_snapshot())
       and ($3::uuid is null or organization_id = $3)
     order by events.tx, seq limit $4`,
    [after.tx, after.seq, organizationId, limit],
    'read-events',
  );

/** The place after which everything is still to come. */
export const newestCursor = async (db: Db): Promise<Cursor> => {
  const [row] = await db.query<{ tx: string }>(
    'select (pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1)::text as tx',
  );
  return { tx: row!.tx, seq: Number.MAX_SAFE_INTEGER };
};

/** All events of one message, in order: its record. */
export const eventsOfMessage = (db: Db, organizationId: string, messageId: string): Promise<EventRow[]> =>
  db.query<EventRow>(
    `select ${columns} from events where message_id = $2 and organization_id = $1 order by seq`,
    [organizationId, messageId],
    'events-of-message',
  );
