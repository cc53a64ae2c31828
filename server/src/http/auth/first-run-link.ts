import { randomBytes } from 'node:crypto';
import { inMs, now } from '../../base/clock.ts';
import type { Db } from '../../base/db.ts';
import { sha256 } from '../../base/secrets.ts';

const lifeMs = 60 * 60 * 1000;

/**
 * Makes a sign-in link for the owner: one use, one hour. The token stands behind `#`, so that it reaches no server log and no
 * Referer header; only its SHA-256 is kept.
 */
export const makeFirstRunLink = async (db: Db, publicUrl: string): Promise<string> => {
  const token = randomBytes(32).toString('base64url');
  await db.query('delete from first_run_links where expires_at < $1', [now()]);
  await db.query('insert into first_run_links (hash, expires_at) values ($1, $2)', [
    sha256(token),
    inMs(lifeMs),
  ]);
  return `${publicUrl.replace(/\/+$/, '')}/welcome#${token}`;
};

/** Whether a token would be taken now. */
export const linkWorks = async (db: Db, token: string): Promise<boolean> => {
  const found = await db.query(
    'select from first_run_links where hash = $1 and used_at is null and expires_at > $2',
    [sha256(token), now()],
  );
  return found.length === 1;
};

/** Takes a token in the caller's transaction. Of two at once, the second waits for the first and then finds it used. */
export const useLink = async (tx: Db, token: string): Promise<boolean> => {
  const taken = await tx.query(
    'update first_run_links set used_at = $2 where hash = $1 and used_at is null and expires_at > $2 returning 1',
    [sha256(token), now()],
  );
  return taken.length === 1;
};
