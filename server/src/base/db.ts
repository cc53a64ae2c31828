import pg from 'pg';

// 64-bit counts of ours stay far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export type Row = Record<string, unknown>;

/**
 * Whether the database itself refused a statement and certainly did nothing: bad data (SQLSTATE class 22), a broken constraint (23), a
 * deadlock or conflict (40). A lost connection is not one: the statement may have been committed.
 */
export const isRefusal = (error: unknown): boolean =>
  /^(22|23|40)[0-9A-Z]{3}$/.test(String((error as { code?: unknown } | null)?.code ?? ''));

/** What runs a statement: the pool, or one connection inside `transaction`. */
export interface Db {
  /** Runs one statement; with `name` it is prepared once per connection. Returns its rows. */
  query<T extends Row = Row>(sql: string, values?: unknown[], name?: string): Promise<T[]>;
}

export interface Database extends Db {
  /** Runs `work` in one transaction; rolls back when it throws. */
  transaction<R>(work: (tx: Db) => Promise<R>): Promise<R>;
  /** Calls `heard` with the payload of every NOTIFY on `channel`, and with '' after each (re)connect. Returns how to stop. */
  listen(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>>;
  /** For libraries that want a pool of their own kind. */
  pool: pg.Pool;
  close(): Promise<void>;
}

const querying = (client: pg.Pool | pg.PoolClient): Db['query'] =>
  async function query<T extends Row>(sql: string, values: unknown[] = [], name?: string) {
    const result = await client.query<T>(name ? { text: sql, values, name } : { text: sql, values });
    return result.rows;
  };

/**
 * Opens a pool on a PostgreSQL address. Broken idle connections are dropped and told to `onError`; the next statement opens a new one.
 */
export const openDatabase = (
  url: string,
  { connections = 16, onError = () => {} }: { connections?: number; onError?: (error: Error) => void } = {},
): Database => {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 10_000,
    application_name: 'trunkline',
  });
  pool.on('error', onError);

  const transaction = async <R>(work: (tx: Db) => Promise<R>): Promise<R> => {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('begin');
      const result = await work({ query: querying(client) });
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch((lost: Error) => {
        broken = lost;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  };

  const listen = async (channel: string, heard: (payload: string) => void) => {
    let stopped = false;
    let client: pg.Client | undefined;
    let retry: NodeJS.Timeout | undefined;
    const connect = async () => {
      if (stopped) return;
      const fresh = new pg.Client({ connectionString: url, application_name: 'trunkline listen' });
      const again = () => {
        if (client !== fresh) return;
        client = undefined;
        retry = setTimeout(connect, 500);
      };
      client = fresh;
      fresh.on('error', again);
      fresh.on('end', again);
      fresh.on('notification', (note) => heard(note.payload ?? ''));
      try {
        await fresh.connect();
        await fresh.query(`listen ${pg.escapeIdentifier(channel)}`);
        heard('');
      } catch {
        again();
      }
    };
    await connect();
    return async () => {
      stopped = true;
      clearTimeout(retry);
      const last = client;
      client = undefined;
      await last?.end().catch(() => {});
    };
  };

  return { query: querying(pool), transaction, listen, pool, close: () => pool.end() };
};
