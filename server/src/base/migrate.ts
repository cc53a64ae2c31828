import { readdir, readFile } from 'node:fs/promises';
import type { Database } from './db.ts';

const folder = new URL('../../migrations/', import.meta.url);

/**
 * Brings the schema up to this program's newest migration: each file in one transaction, its version row written first so that two
 * processes starting at once can't both run it. Refuses a schema newer than the program.
 * @returns the versions that were run now.
 */
export const migrate = async (db: Pick<Database, 'query' | 'transaction'>): Promise<number[]> => {
  const files = (await readdir(folder)).filter((name) => /^\d{6}_.*\.sql$/.test(name)).sort();
  await db.transaction(async (tx) => {
    // Two "create if not exists" at once can both find nothing and clash; the lock makes the second one wait.
    await tx.query(`select pg_advisory_xact_lock(hashtext('trunkline migrate'))`);
    await tx.query(
      'create table if not exists schema_migrations (version int primary key, name text not null, applied_at timestamptz not null default now())',
    );
  });
  const applied = await db.query<{ version: number }>('select version from schema_migrations');
  const have = new Set(applied.map((row) => row.version));
  const newest = Number(files.at(-1)!.slice(0, 6));
  const ahead = Math.max(0, ...have);
  if (ahead > newest)
    throw new Error(
      `The database has schema ${ahead}, this program knows ${newest}: start the newer version of Trunkline that made it.`,
    );
  const ran: number[] = [];
  for (const name of files) {
    const version = Number(name.slice(0, 6));
    if (have.has(version)) continue;
    const sql = await readFile(new URL(name, folder), 'utf8');
    const fresh = await db.transaction(async (tx) => {
      const [claimed] = await tx.query(
        'insert into schema_migrations (version, name) values ($1, $2) on conflict do nothing returning version',
        [version, name],
      );
      // No parameters: the simple protocol takes a file of many statements.
      if (claimed) await tx.query(sql);
      return claimed !== undefined;
    });
    if (fresh) ran.push(version);
  }
  return ran;
};
