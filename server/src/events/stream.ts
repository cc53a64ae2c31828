import type { Event } from '@trunkline/contract';
import type { Db } from '../base/db.ts';
import type { Log } from '../base/log.ts';
import type { Signals } from '../base/signals.ts';
import { type Cursor, type EventRow, isBehind, newestCursor, presentEvent, readEvents } from './read.ts';

const pollMs = 1_000;
/** A signal may come before its transaction's neighbours have ended: look again soon. */
const lookAgainMs = 20;
const batch = 1_000;

/**
 * One reader per process follows the events of all organizations and hands them to whoever watches; it reads only while somebody does.
 */
export const createEventStream = (db: Db, signals: Signals, log: Log) => {
  const watchers = new Map<string, Set<(row: EventRow) => void>>();
  let cursor: Cursor = { tx: '0', seq: 0 };
  let standing: Promise<void> | null = null;
  let busy = false;
  let timer: NodeJS.Timeout | undefined;
  let looks = 0;

  /** Resolves once the reader has a place: it will come past everything that is committed from then on. */
  const stand = () => {
    standing ??= newestCursor(db).then(
      (newest) => {
        cursor = newest;
      },
      (error) => {
        standing = null;
        throw error;
      },
    );
    return standing;
  };

  const read = async () => {
    if (busy || watchers.size === 0) return;
    busy = true;
    clearTimeout(timer);
    let delay = pollMs;
    try {
      await stand();
      for (;;) {
        const rows = await readEvents(db, cursor, null, batch);
        for (const row of rows) {
          cursor = { tx: row.tx, seq: row.seq };
          for (const watch of watchers.get(row.organization_id) ?? []) watch(row);
        }
        if (rows.length > 0) looks = 3;
        if (rows.length < batch) break;
      }
      if (looks-- > 0) delay = lookAgainMs;
    } catch (error) {
      log.warn({ error }, 'events could not be read, trying again');
    }
    busy = false;
    timer = setTimeout(read, delay);
  };

  const stop = signals.on('event', () => {
    looks = 3;
    void read();
  });

  return {
    /**
     * Calls `heard` with each event of the organization from now on, or from behind `after` on: every one once, in order.
     * @returns how to stop.
     */
    async watch(organizationId: string, after: Cursor | null, heard: (event: Event) => void) {
      let place = after;
      /** What the reader brings while we still catch up; null: we have. */
      let waiting: EventRow[] | null = [];
      // The reader may be before or behind us; our own place says what is news.
      const tell = (row: EventRow) => {
        if (place && !isBehind(row, place)) return;
        place = { tx: row.tx, seq: row.seq };
        heard(presentEvent(row));
      };
      const watch = (row: EventRow) => (waiting ? waiting.push(row) : tell(row));
      // Nobody watched, so the reader stood still: it begins anew rather than go through what was meanwhile.
      if (watchers.size === 0 && !busy) standing = null;
      const of = watchers.get(organizationId) ?? new Set();
      watchers.set(organizationId, of.add(watch));
      const leave = () => {
        of.delete(watch);
        if (of.size === 0 && watchers.get(organizationId) === of) watchers.delete(organizationId);
      };
      try {
        // Before the first look at what was: between that look and the reader's first one there must be no gap.
        await stand();
        void read();
        place ??= await newestCursor(db);
        for (;;) {
          const rows = await readEvents(db, place, organizationId, batch);
          for (const row of rows) tell(row);
          if (rows.length < batch) break;
        }
        for (const row of waiting) tell(row);
        waiting = null;
      } catch (error) {
        leave();
        throw error;
      }
      return leave;
    },
    close() {
      stop();
      clearTimeout(timer);
      watchers.clear();
    },
  };
};
export type EventStream = ReturnType<typeof createEventStream>;
