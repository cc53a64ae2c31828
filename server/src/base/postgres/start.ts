import { existsSync } from 'node:fs';
import { rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processName } from './alive.ts';
import { findBinaries } from './binaries.ts';
import { createCluster, readState, writeState } from './cluster.ts';
import { checkConnection } from './connect.ts';
import { explain } from './explain.ts';
import { findHome, type Home } from './home.ts';
import { choosePort } from './port.ts';
import { findPostmaster, type Postmaster, spawnPostmaster, stopPostmaster } from './postmaster.ts';
import { postmasterArgs } from './settings.ts';

export type PostgresOptions = {
  /** Absolute. Made when missing; holds the cluster, its log and its password. */
  dataDir: string;
  /** false: for tests, nothing is synced to the disk. */
  durable?: boolean;
  /** PostgreSQL settings on top of ours. */
  settings?: Record<string, string>;
  log?: (line: string) => void;
};

export type RunningPostgres = {
  /** The address of our database; the port stays the same from start to start while it is free. */
  url: string;
  /** Where the data really is. */
  dataDir: string;
  /** Fast shutdown; leaves it running while another live process has started it. */
  stop(): Promise<void>;
};

type Start = Required<PostgresOptions> & { home: Home; cluster: string };

/** Crash recovery may take a while; everything else is ready in a second. */
const patienceMs = 300_000;

const stoppingMs = 30_000;

/** cannot_connect_now, admin_shutdown, and the port closed already. */
const goingAway = ['57P03', '57P01', 'ECONNREFUSED', 'ECONNRESET'];

/**
 * Starts the embedded PostgreSQL of this folder, or joins the one that runs there already, for example after we were killed.
 * Two processes at once get the same one: the pid file, which PostgreSQL itself makes and guards, is the lock.
 * Throws an error of one sentence, with PostgreSQL's last lines.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const home = await findHome(options.dataDir);
  const cluster = join(home.folder, 'cluster');
  const start: Start = { durable: true, settings: {}, log: () => {}, ...options, home, cluster };

  const { postmaster, ours, state, url } = await connect(start);
  const us = processName(process.pid);
  if (ours || !isAlive(state.owner))
    await writeState(cluster, { ...state, port: postmaster.port, owner: us });

  const stop = async () => {
    const running = await findPostmaster(cluster);
    if (!running) return;
    const { owner } = await readState(cluster);
    if (owner === us || !isAlive(owner)) await stopPostmaster(running.pid, cluster);
  };
  return { url, dataDir: home.folder, stop };
}

/** Finds or starts it and checks the connection, again when the one found was just being stopped. */
async function connect(start: Start) {
  const until = performance.now() + stoppingMs;
  for (;;) {
    const found = await findOrStart(start);
    const state = await readState(start.cluster);
    try {
      return { ...found, state, url: await checkConnection(found.postmaster, state, start.cluster) };
    } catch (error) {
      const { code = '', message } = error as { code?: string; message: string };
      if (!goingAway.includes(code) || performance.now() > until) {
        throw new Error(`PostgreSQL runs on ${start.cluster} but can't be used: ${message}.`, {
          cause: error,
        });
      }
      await sleep(50);
    }
  }
}

async function findOrStart(start: Start): Promise<{ postmaster: Postmaster; ours: boolean }> {
  const until = performance.now() + patienceMs;
  let said = '';
  let avoidPort = false;
  while (performance.now() < until) {
    const running = await findPostmaster(start.cluster);
    if (running?.ready) {
      start.log(`PostgreSQL already runs (process ${running.pid}) and is used again.`);
      return { postmaster: running, ours: false };
    }
    if (running) {
      await sleep(20);
      continue;
    }
    if (!existsSync(start.cluster)) {
      const { account } = start.home;
      const binaries = await findBinaries(account);
      await createCluster(start.cluster, { binaries, account, durable: start.durable });
      continue;
    }
    const started = await startOnce(start, { until, avoidPort });
    if (typeof started !== 'string') return { postmaster: started, ours: true };
    said = started;
    // Another one came first, or processes of a killed one still end.
    const passing = /lock file .* already exists|shared memory block|bogus data in lock file/.test(said);
    avoidPort = /could not bind|could not create any TCP/.test(said);
    if (!passing && !avoidPort && !(await findPostmaster(start.cluster))) break;
    await sleep(50);
  }
  throw explain(`PostgreSQL did not start on ${start.cluster}.`, said);
}

/** Starts a postmaster and waits until it is ready. Returns it, or what it said when it ended. */
async function startOnce(
  { home, cluster, durable, settings, log }: Start,
  { until, avoidPort }: { until: number; avoidPort: boolean },
): Promise<Postmaster | string> {
  const began = performance.now();
  const binaries = await findBinaries(home.account);
  const { port: remembered } = await readState(cluster);
  const port = await choosePort(avoidPort ? null : remembered);
  const logFile = join(home.folder, 'postgres.log');
  await turnOver(logFile);
  const args = postmasterArgs(cluster, { port, durable, settings });
  const child = await spawnPostmaster(binaries.postgres, args, { account: home.account, logFile });
  while (!child.ended() && performance.now() < until) {
    const running = await findPostmaster(cluster);
    if (running?.ready && running.pid === child.pid) {
      const user = home.account ? ` as ${home.account.name}` : '';
      log(`PostgreSQL ${binaries.version} started${user} in ${Math.round(performance.now() - began)} ms.`);
      return running;
    }
    await sleep(10);
  }
  return child.said();
}

function isAlive(owner: string | null): boolean {
  return owner !== null && processName(Number.parseInt(owner, 10)) === owner;
}

async function turnOver(logFile: string): Promise<void> {
  const size = (await stat(logFile).catch(() => null))?.size ?? 0;
  if (size > 10_000_000) await rename(logFile, `${logFile}.old`);
}
