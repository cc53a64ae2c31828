import type { Event } from '@trunkline/contract';
import type { Db } from '../base/db.ts';
import type { Log } from '../base/log.ts';
import type { Signals } from '../base/signals.ts';
import { type Cursor, newestCursor, presentEvent, readEvents } from './read.ts';

const pollMs = 1_000;
/** A signal may come before its transaction's neighbours have ended: look again soon. */
const lookAgainMs = 20;
const batch = 1_000;

/**
 * One reader per process follows the events of all organizations and hands them to whoever watches; it reads only while somebody does.
 */
export const createEventStream = (db: Db, signals: Signals, log: Log) => {
  const watchers = new Map<string, Set<(event: Event) => void>>();
  let cursor: Cursor | null = null;
  let busy = false;
  let timer: NodeJS.Timeout | undefined;
  let looks = 0;

  const read = async () => {
    if (busy || watchers.size === 0) return;
    busy = true;
    clearTimeout(timer);
    let delay = pollMs;
    try {
      cursor ??= await newestCursor(db);
      for (;;) {
        const rows = await readEvents(db, cursor, null, batch);
        for (const row of rows) {
          cursor = { tx: row.tx, seq: row.seq };
          const of = watchers.get(row.organization_id);
          if (of) {
            const event = presentEvent(row);
            for (const watch of of) watch(event);
          }
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
     * Calls `heard` with each event of the organization from now on, or from behind `after` on.
     * @returns how to stop.
     */
    async watch(organizationId: string, after: Cursor | null, heard: (event: Event) => void) {
      const waiting: Event[] = [];
      let live = false;
      const watch = (event: Event) => (live ? heard(event) : waiting.push(event));
      const of = watchers.get(organizationId) ?? new Set();
      watchers.set(organizationId, of.add(watch));
      void read();
      const leave = () => {
        of.delete(watch);
        if (of.size === 0 && watchers.get(organizationId) === of) watchers.delete(organizationId);
        if (watchers.size === 0) cursor = null;
      };
      try {
        const seen = new Set<string>();
        let from = after;
        while (from) {
          const rows = await readEvents(db, from, organizationId, batch);
          for (const row of rows) {
            const event = presentEvent(row);
            seen.add(event.id);
            heard(event);
          }
          const last = rows.at(-1);
          from = rows.length === batch && last ? { tx: last.tx, seq: last.seq } : null;
        }
        for (const event of waiting) if (!seen.has(event.id)) heard(event);
        live = true;
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
