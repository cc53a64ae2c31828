import { openDatabase } from '../db.ts';
import { role, type State } from './cluster.ts';
import type { Postmaster } from './postmaster.ts';

/** The address of a database of this cluster. */
export function addressOf(postmaster: Postmaster, state: State, database: string): string {
  return `postgres://${role}:${state.password}@127.0.0.1:${postmaster.port}/${database}`;
}

/**
 * Makes sure that what answers is this cluster and takes our password, and that our database exists.
 * @returns the address of our database.
 */
export async function checkConnection(
  postmaster: Postmaster,
  state: State,
  cluster: string,
): Promise<string> {
  const db = openDatabase(addressOf(postmaster, state, 'postgres'), { connections: 1 });
  try {
    const [row] = await db.query<{ folder: string; made: boolean }>(
      `select current_setting('data_directory') as folder, exists (select from pg_database where datname = $1) as made`,
      [role],
    );
    if (row?.folder !== cluster) throw new Error(`Another PostgreSQL (${row?.folder}) answers.`);
    if (!row.made) await db.query(`create database ${role}`).catch(ignoreExisting);
  } finally {
    await db.close();
  }
  return addressOf(postmaster, state, role);
}

function ignoreExisting(error: { code?: string }): void {
  // Made by another process meanwhile: duplicate_database, or the unique index behind it.
  if (error.code !== '42P04' && error.code !== '23505') throw error;
}
