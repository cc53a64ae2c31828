import { now } from '../../base/clock.ts';
import type { Db } from '../../base/db.ts';

/** Deletes sessions, pending second factors and first-run links that have expired: better-auth only does so when it meets one. */
export const sweepSignIns = async (db: Db): Promise<void> => {
  for (const table of ['sessions', 'verifications', 'first_run_links'])
    await db.query(`delete from ${table} where expires_at < $1`, [now()]);
};
