import { setTimeout as sleep } from 'node:timers/promises';
import { nowMs } from './clock.ts';

// SQLSTATE classes 08, 53 and 57, and socket errors: the database is away, not the request wrong.
const codes = /^(08|53|57)|^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND)/;
// What the driver throws without a code.
const messages = /timeout exceeded when trying to connect|Connection terminated|not queryable/;

/** Whether an error says that the database can't be reached right now. */
export const isDatabaseAway = (error: unknown): boolean => {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return (typeof code === 'string' && codes.test(code)) || messages.test(String(message));
};

const pauseMs = 100;

/**
 * Does work that may be done twice, again and again while the database is away, for up to `patienceMs`; then rejects as the work did.
 */
export const outlastDatabase = async <T>(patienceMs: number, work: () => Promise<T>): Promise<T> => {
  const until = nowMs() + patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseAway(error) || nowMs() > until) throw error;
      await sleep(pauseMs);
    }
  }
};
