import type { Db } from '../base/db.ts';
import type { Log } from '../base/log.ts';

type Touch = { organizationId: string; messageId: string; at: Date };

const everyMs = 250;

// Only forward, in one order of rows (no deadlocks between processes).
const sql = `
update conversations c set last_message_at = t.at, last_message_id = t.message_id
from (select v.organization_id, v.id, t.at, t.message_id
  from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[]) as t (organization_id, id, message_id, at)
  join conversations v on v.organization_id = t.organization_id and v.id = t.id
  order by v.organization_id, v.id for update of v) t
where c.organization_id = t.organization_id and c.id = t.id and (c.last_message_id is null or c.last_message_id < t.message_id)`;

// After a crash: what was recorded in the last minutes but not yet touched.
const catchUpSql = `
update conversations c set last_message_at = m.created_at, last_message_id = m.id
from organizations o cross join lateral (
  select distinct on (conversation_id) organization_id, conversation_id, id, created_at
  from messages where organization_id = o.id and id > $1::uuid order by conversation_id, id desc) m
where c.organization_id = m.organization_id and c.id = m.conversation_id
  and (c.last_message_id is null or c.last_message_id < m.id)`;

/**
 * Keeps each conversation's newest message, gathered over a quarter of a second: a conversation with many texts is written once,
 * and the hot statements don't touch it at all.
 */
export const createTouches = (db: Db, log: Log) => {
  let pending = new Map<string, Touch>();
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  const write = () => {
    timer = undefined;
    const batch = pending;
    pending = new Map();
    const ids = [...batch.keys()];
    const touches = [...batch.values()];
    writing = db
      .query(
        sql,
        [
          touches.map((one) => one.organizationId),
          ids,
          touches.map((one) => one.messageId),
          touches.map((one) => one.at),
        ],
        'touch-conversations',
      )
      .then(
        () => {},
        (error) => {
          log.warn({ error }, 'conversations were not touched, trying again');
          for (const [id, one] of batch) if (!pending.has(id)) pending.set(id, one);
          timer ??= setTimeout(write, everyMs * 4);
        },
      );
  };

  return {
    touch(organizationId: string, conversationId: string, messageId: string, at: Date) {
      const known = pending.get(conversationId);
      if (known && known.messageId > messageId) return;
      pending.set(conversationId, { organizationId, messageId, at });
      timer ??= setTimeout(write, everyMs);
    },
    /** At the start: the touches that a crash took away, of messages made since then. */
    async catchUp(since: Date) {
      const time = since.getTime().toString(16).padStart(12, '0');
      // The lowest UUIDv7 of that moment.
      await db.query(catchUpSql, [`${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`]);
    },
    async close() {
      clearTimeout(timer);
      await writing;
      if (pending.size > 0) {
        write();
        clearTimeout(timer);
        await writing;
      }
    },
  };
};
export type Touches = ReturnType<typeof createTouches>;
