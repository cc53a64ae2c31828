import { inMs, now, nowMs } from '../../base/clock.ts';
import type { Db } from '../../base/db.ts';
import type { Principal } from './principal.ts';

const noteEveryMs = 60_000;

export type FoundKey = { id: string; principal: Principal; usedMs: number };

/** The working key with this SHA-256, or null. */
export const findKey = async (db: Db, hash: Buffer): Promise<FoundKey | null> => {
  const [row] = await db.query<{
    id: string;
    organization_id: string;
    name: string;
    last_used_at: Date | null;
  }>(
    'select id, organization_id, name, last_used_at from api_keys where hash = $1 and revoked_at is null',
    [hash],
    'find api key',
  );
  if (!row) return null;
  const principal: Principal = Object.freeze({
    organizationId: row.organization_id,
    kind: 'key',
    userId: null,
    role: 'admin',
    name: row.name,
  });
  return { id: row.id, principal, usedMs: row.last_used_at?.getTime() ?? 0 };
};

/** Writes that a key was used, at most once a minute, behind the answer: a write that fails costs a figure and no request. */
export const noteUse = (db: Db, key: FoundKey): void => {
  if (nowMs() - key.usedMs < noteEveryMs) return;
  key.usedMs = nowMs();
  db.query(
    'update api_keys set last_used_at = $2 where id = $1 and (last_used_at is null or last_used_at < $3)',
    [key.id, now(), inMs(-noteEveryMs)],
  ).catch(() => {});
};
