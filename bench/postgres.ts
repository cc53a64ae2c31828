import { openDatabase, type Row } from '../server/src/base/db.ts';
import { startTestPostgres, type TestDatabase } from '../server/test/database.ts';
import { onEnd } from './ends.ts';
import { parentOf } from './watch.ts';

export type BenchDatabase = TestDatabase & {
  query<R extends Row = Row>(sql: string): Promise<R[]>;
};

export type BenchPostgres = {
  /** The postmaster. */
  pid: number;
  /** The version and the settings that decide about durability and speed, in one line. */
  description: string;
  createDatabase(): Promise<BenchDatabase>;
};

/** Starts the project's own PostgreSQL in a temporary folder, durable: fsync and synchronous_commit are on, and that is checked. */
export const startPostgres = async (): Promise<BenchPostgres> => {
  const postgres = await startTestPostgres({ durable: true });
  onEnd(() => postgres.stop());
  const settings = ['fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_wal_size'];
  const shown = settings.map((name) => `current_setting('${name}') as ${name}`).join(', ');
  const db = openDatabase(postgres.url, { connections: 1 });
  const [row] = await db.query<Record<string, string>>(
    `select ${shown}, current_setting('server_version') as version, pg_backend_pid()::text as backend`,
  );
  const { version, backend, ...set } = row!;
  const pid = parentOf(Number(backend));
  await db.close();
  if (set.fsync !== 'on' || set.synchronous_commit !== 'on')
    throw new Error('This PostgreSQL is not durable: fsync or synchronous_commit is off.');
  const list = Object.entries(set).map(([name, value]) => `${name}=${value}`);
  return {
    pid,
    description: `PostgreSQL ${version}, ${list.join(' ')}`,
    async createDatabase() {
      const database = await postgres.createDatabase();
      const own = openDatabase(database.url, { connections: 1 });
      onEnd(() => own.close());
      return { ...database, query: (sql) => own.query(sql) };
    },
  };
};
