import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../src/base/db.ts';
import { migrate } from '../src/base/migrate.ts';
import { processExists } from '../src/base/postgres/alive.ts';
import { findPostmaster, stopPostmaster } from '../src/base/postgres/postmaster.ts';
import { startPostgres } from '../src/base/postgres/start.ts';

export type TestDatabase = { url: string; drop(): Promise<void> };

export type TestPostgres = {
  /** The address of a role that may do everything, in a database of no meaning. */
  url: string;
  /** A fresh database with the whole schema. */
  createDatabase(): Promise<TestDatabase>;
  /** PostgreSQL goes away, and all connections with it. */
  halt(): Promise<void>;
  /** PostgreSQL comes back, at the same address. */
  resume(): Promise<void>;
  /** Stops it and deletes its folder. */
  stop(): Promise<void>;
};

/** The variable by which the global setup tells the test files where its PostgreSQL is. */
export const addressVariable = 'TRUNKLINE_TEST_POSTGRES';

const template = 'trunkline_template';
const prefix = 'trunkline-test-';

/** A fresh database with the whole schema on the PostgreSQL of this test run: one per test file, dropped in its afterAll. */
export function createDatabase(): Promise<TestDatabase> {
  const server = process.env[addressVariable];
  if (!server)
    throw new Error('There is no PostgreSQL of a test run: outside vitest, use startTestPostgres().');
  return cloneTemplate(server);
}

/**
 * Starts a PostgreSQL of its own in a temporary folder, not durable unless asked, with the schema in a template.
 * For benchmarks, and for journeys that stop PostgreSQL under a running server.
 */
export async function startTestPostgres(
  options: { durable?: boolean; settings?: Record<string, string> } = {},
): Promise<TestPostgres> {
  await sweep();
  const dataDir = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  // PostgreSQL's own user has to get in when we are root.
  await chmod(dataDir, 0o711);
  const start = () => startPostgres({ durable: false, ...options, dataDir });
  let running = await start();
  const { url } = running;
  const stop = async () => {
    await running.stop();
    for (const folder of new Set([dataDir, running.dataDir]))
      await rm(folder, { recursive: true, force: true });
  };
  try {
    await makeTemplate(url);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    createDatabase: () => cloneTemplate(url),
    halt: () => running.stop(),
    resume: async () => {
      running = await start();
      if (running.url !== url) throw new Error('Another process took the port of PostgreSQL meanwhile.');
    },
    stop,
  };
}

async function makeTemplate(server: string): Promise<void> {
  await run(server, `create database ${template}`);
  const db = openDatabase(nameDatabase(server, template), { connections: 2 });
  try {
    await migrate(db);
  } finally {
    await db.close();
  }
  await run(server, `alter database ${template} with allow_connections false`);
}

async function cloneTemplate(server: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await run(server, `create database ${name} template ${template}`);
  return { url: nameDatabase(server, name), drop: () => run(server, `drop database ${name} with (force)`) };
}

async function run(server: string, sql: string): Promise<void> {
  const db = openDatabase(server, { connections: 1 });
  try {
    await db.query(sql);
  } finally {
    await db.close();
  }
}

function nameDatabase(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** Clears away what test runs that were killed left behind. */
async function sweep(): Promise<void> {
  for (const name of (await readdir(tmpdir())).filter((one) => one.startsWith(prefix))) {
    const folder = join(tmpdir(), name);
    const maker = Number.parseInt(name.slice(prefix.length), 10);
    const owner = await stat(folder).catch(() => null);
    if (!owner || owner.uid !== process.getuid?.() || processExists(maker)) continue;
    const left = await findPostmaster(join(folder, 'cluster'));
    if (left) await stopPostmaster(left.pid, join(folder, 'cluster'));
    await rm(folder, { recursive: true, force: true });
  }
}
