import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase, type Row } from '../src/base/db.ts';
import { findPostmaster, stopPostmaster } from '../src/base/postgres/postmaster.ts';
import { type PostgresOptions, startPostgres } from '../src/base/postgres/start.ts';

const root = process.getuid?.() === 0;
const folders = new Set<string>();
const children = new Set<ChildProcess>();

/** For the tests that need no new cluster, since making one takes a second. */
let shared: string;

beforeAll(async () => {
  shared = await makeFolder();
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
  for (const folder of folders) {
    const cluster = join(folder, 'cluster');
    const left = await findPostmaster(cluster);
    if (left) await stopPostmaster(left.pid, cluster);
  }
});

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** A folder every user can enter. */
async function makeFolder(name = 'postgres'): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'trunkline-postgres-'));
  await chmod(parent, 0o711);
  const folder = join(parent, name);
  folders.add(parent).add(folder);
  return folder;
}

async function start(dataDir: string, options: Partial<PostgresOptions> = {}) {
  const running = await startPostgres({ dataDir, durable: false, ...options });
  folders.add(running.dataDir);
  return running;
}

/** Starts PostgreSQL from another process. */
async function startElsewhere(dataDir: string) {
  const script = new URL('./postgres-child.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [decodeURI(script), dataDir], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.add(child);
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const running = JSON.parse(line) as { url: string; dataDir: string };
  folders.add(running.dataDir);
  const end = async () => {
    child.stdin.end();
    await once(child, 'exit');
  };
  const kill = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { ...running, end, kill };
}

async function ask<T extends Row = Row>(url: string, sql: string): Promise<T[]> {
  const db = openDatabase(url, { connections: 1 });
  try {
    return await db.query<T>(sql);
  } finally {
    await db.close();
  }
}

const postmasterOf = async (dataDir: string) => (await findPostmaster(join(dataDir, 'cluster')))?.pid;

describe('the embedded PostgreSQL', () => {
  test('keeps its data and its address from start to start, in a path with a space', async () => {
    const dataDir = await makeFolder('a folder/with spaces');
    const first = await start(dataDir);
    await ask(first.url, `create table kept as select 'ä€😀' as word`);
    await first.stop();
    expect(await postmasterOf(first.dataDir)).toBeUndefined();

    const second = await start(dataDir);
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, 'select word, length(word) as length from kept')).toEqual([
      { word: 'ä€😀', length: 3 },
    ]);
    await second.stop();
  });

  test('asks everybody for the password and listens on loopback only', async () => {
    const running = await start(shared);
    const wrong = new URL(running.url);
    wrong.password = 'guessed';
    await expect(ask(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/);
    const shown = await ask(
      running.url,
      `select current_setting('listen_addresses') as tcp, current_setting('unix_socket_directories') as socket,
         (select string_agg(distinct auth_method, ' ') from pg_hba_file_rules) as methods, current_setting('server_encoding') as encoding`,
    );
    expect(shown).toEqual([{ tcp: '127.0.0.1', socket: '', methods: 'scram-sha-256', encoding: 'UTF8' }]);
    await running.stop();
  });

  test('writes no statement and no value into its log', async () => {
    const running = await start(shared);
    await ask(running.url, `select '+14155550100'::uuid`).catch(() => {});
    await ask(running.url, `select nothing from "+14155550100"`).catch(() => {});
    await running.stop();
    const log = await readFile(join(running.dataDir, 'postgres.log'), 'utf8');
    expect(log).toContain('ready to accept connections');
    expect(log).not.toContain('4155550100');
  });

  test('left over from a killed process, is used again and then stopped', async () => {
    const killed = await startElsewhere(shared);
    const pid = await postmasterOf(killed.dataDir);
    await ask(killed.url, 'create table kept_left as select 7 as n');
    await killed.kill();

    const lines: string[] = [];
    const again = await start(shared, { log: (line) => lines.push(line) });
    expect(again.url).toBe(killed.url);
    expect(await postmasterOf(again.dataDir)).toBe(pid);
    expect(lines).toEqual([`PostgreSQL already runs (process ${pid}) and is used again.`]);
    expect(await ask(again.url, 'select n from kept_left')).toEqual([{ n: 7 }]);
    await again.stop();
    expect(await postmasterOf(again.dataDir)).toBeUndefined();
  });

  test('recovers when it was killed itself', async () => {
    const first = await start(shared);
    await ask(first.url, 'create table kept_recovers as select 7 as n');
    process.kill((await postmasterOf(first.dataDir))!, 'SIGKILL');
    const second = await start(shared);
    expect(await ask(second.url, 'select n from kept_recovers')).toEqual([{ n: 7 }]);
    await second.stop();
  });

  test('starts although the process id in its pid file now is another process', async () => {
    const first = await start(shared);
    await first.stop();
    const cluster = join(first.dataDir, 'cluster');
    await writeFile(
      join(cluster, 'postmaster.pid'),
      `${process.pid}\n${cluster}\n1\n5432\n\n127.0.0.1\n0 0\nready\n`,
    );
    const second = await start(shared);
    expect(await ask(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await second.stop();
  });

  test.each([
    { when: 'on a new folder', before: async () => {} },
    {
      when: 'after a crash',
      before: async (dataDir: string) => {
        const first = await start(dataDir);
        process.kill((await postmasterOf(first.dataDir))!, 'SIGKILL');
      },
    },
  ])('is one, when four processes start it at once $when', async ({ before }) => {
    const dataDir = await makeFolder();
    await before(dataDir);
    const all = await Promise.all([1, 2, 3, 4].map(() => startElsewhere(dataDir)));
    expect(new Set(all.map((one) => one.url)).size).toBe(1);
    const started = await Promise.all(
      all.map((one) => ask(one.url, 'select pg_postmaster_start_time()::text as at')),
    );
    expect(new Set(started.map((rows) => rows[0]!.at)).size).toBe(1);
    await Promise.all(all.map((one) => one.end()));
    expect(await postmasterOf(all[0]!.dataDir)).toBeUndefined();
  });

  test('goes on while the process that started it lives, though one that joined it stops', async () => {
    const first = await startElsewhere(shared);
    const joined = await start(shared);
    await joined.stop();
    expect(await ask(first.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await first.end();
    expect(await postmasterOf(first.dataDir)).toBeUndefined();
  });

  test('starts again when the one found is just being stopped', async () => {
    let running = await start(shared);
    for (let round = 0; round < 10; round += 1) {
      const pid = (await postmasterOf(running.dataDir))!;
      process.kill(pid, 'SIGINT');
      running = await start(shared);
      expect(await postmasterOf(running.dataDir)).not.toBe(pid);
    }
    expect(await ask(running.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await running.stop();
  });

  test('takes another port when its own was taken meanwhile', async () => {
    const first = await start(shared);
    await first.stop();
    const taken = createServer().listen(Number(new URL(first.url).port), '127.0.0.1');
    await once(taken, 'listening');
    const second = await start(shared);
    taken.close();
    expect(new URL(second.url).port).not.toBe(new URL(first.url).port);
    expect(await ask(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await second.stop();
  });

  test('works in a folder that only we can enter, and finds its data there again', async () => {
    const dataDir = await makeFolder();
    await mkdir(dataDir);
    await chmod(dataDir, 0o700);
    const first = await start(dataDir);
    // Root runs it as another user, who can't enter: the data is elsewhere, and the folder says where.
    if (root) expect(await readFile(join(dataDir, 'LOCATION'), 'utf8')).toBe(first.dataDir);
    expect(first.dataDir).toMatch(root ? /^\/var\/lib\/trunkline\// : dataDir);
    await ask(first.url, 'create table kept as select 7 as n');
    await first.stop();
    const second = await start(dataDir);
    expect(second.dataDir).toBe(first.dataDir);
    expect(await ask(second.url, 'select n from kept')).toEqual([{ n: 7 }]);
    await second.stop();
  });

  test('that does not start says why', async () => {
    await expect(start(shared, { settings: { work_mem: 'plenty' } })).rejects.toThrow(
      /^PostgreSQL did not start on .*\n.*invalid value for parameter "work_mem"/,
    );
  });

  test('of another major version says what to do', async () => {
    const dataDir = await makeFolder();
    const first = await start(dataDir);
    await first.stop();
    await writeFile(join(first.dataDir, 'cluster', 'PG_VERSION'), '14\n');
    await expect(start(dataDir)).rejects.toThrow(/made by another major version of PostgreSQL/);
  });
});
