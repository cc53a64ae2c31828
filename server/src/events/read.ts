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

// Transactions of this database alone: the oldest of the whole server (pg_snapshot_xmin) would let a night's job in a neighbouring
// database hold up every event. The statement's snapshot gives the newest transaction, then the list of those under way is read: whoever is
// older and not on it has ended, and the next statement sees what it left. backend_xid has 32 bits of the 64.
const horizonSql = `
select (newest - coalesce(max(age) filter (where age < 2147483648), 0))::text as horizon
from (
  select newest, (newest - a.backend_xid::text::bigint) & 4294967295 as age
  from (select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as newest) s
  left join pg_stat_activity a on a.datname = current_database() and a.backend_xid is not null
) ages
group by newest`;

/** The oldest transaction that may still write events; all before it have ended. */
const readHorizon = async (db: Db): Promise<string> =>
  (await db.query<{ horizon: string }>(horizonSql, [], 'event-horizon'))[0]!.horizon;

/**
 * Events behind a cursor, in order, of all organizations (null) or one. Only those that no transaction under way can still get
 * ahead of.
 */
export const readEvents = async (
  db: Db,
  after: Cursor,
  organizationId: string | null,
  limit: number,
): Promise<EventRow[]> =>
  db.query<EventRow>(
    `select ${columns} from events
     where (tx, seq) > ($1::text::xid8, $2) and tx < $5::text::xid8 and ($3::uuid is null or organization_id = $3)
     order by events.tx, seq limit $4`,
    [after.tx, after.seq, organizationId, limit, await readHorizon(db)],
    'read-events',
  );

/** The place after which everything is still to come. */
export const newestCursor = async (db: Db): Promise<Cursor> => ({
  tx: String(BigInt(await readHorizon(db)) - 1n),
  seq: Number.MAX_SAFE_INTEGER,
});

/** All events of one message, in order: its record. */
export const eventsOfMessage = (db: Db, organizationId: string, messageId: string): Promise<EventRow[]> =>
  db.query<EventRow>(
    `select ${columns} from events where message_id = $2 and organization_id = $1 order by seq`,
    [organizationId, messageId],
    'events-of-message',
  );
