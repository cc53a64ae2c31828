import { randomBytes } from 'node:crypto';
import { now } from '../../base/clock.ts';
import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { isId, newId } from '../../base/ids.ts';
import { sha256 } from '../../base/secrets.ts';

/** A key as it may be shown: never the key itself, which is known only at its creation. */
export type ApiKey = {
  id: string;
  name: string;
  prefix: string;
  createdAt: string;
  lastUsedAt: string | null;
};

const heardRevocations = new Set<() => void>();

/** Calls `heard` after a key was revoked in this process. Returns how to stop. */
export const onRevoked = (heard: () => void): (() => void) => {
  heardRevocations.add(heard);
  return () => heardRevocations.delete(heard);
};

/**
 * Makes a key for an organization; `key` is in this answer and nowhere else, only its SHA-256 is stored.
 * Throws Problem 400 `invalid_request` for a name that is empty or longer than 100 characters.
 */
export const createApiKey = async (
  db: Db,
  organizationId: string,
  name: string,
): Promise<{ id: string; name: string; prefix: string; key: string }> => {
  const named = name.trim();
  if (named === '' || named.length > 100) {
    const message = 'A key needs a name of 1 to 100 characters.';
    throw new Problem(400, 'invalid_request', message, [{ path: 'name', message }]);
  }
  const key = `tl_${randomBytes(32).toString('base64url')}`;
  const made = { id: newId(), name: named, prefix: key.slice(0, 10), key };
  await db.query(
    'insert into api_keys (id, organization_id, name, prefix, hash, created_at) values ($1, $2, $3, $4, $5, $6)',
    [made.id, organizationId, named, made.prefix, sha256(key), now()],
  );
  return made;
};

/** The organization's keys that work, newest first. */
export const listApiKeys = async (db: Db, organizationId: string): Promise<ApiKey[]> => {
  const rows = await db.query<{
    id: string;
    name: string;
    prefix: string;
    created_at: Date;
    last_used_at: Date | null;
  }>(
    `select id, name, prefix, created_at, last_used_at from api_keys
     where organization_id = $1 and revoked_at is null order by id desc`,
    [organizationId],
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  }));
};

/**
 * Revokes a key: at once in this process, within 5 s in others. Throws Problem 404 `not_found` when the organization has no such
 * working key.
 */
export const revokeApiKey = async (db: Db, organizationId: string, id: string): Promise<void> => {
  const [row] = isId(id)
    ? await db.query(
        `update api_keys set revoked_at = $3 where organization_id = $1 and id = $2 and revoked_at is null returning id`,
        [organizationId, id, now()],
      )
    : [];
  if (!row) throw new Problem(404, 'not_found', 'There is no such API key.');
  for (const heard of heardRevocations) heard();
};
