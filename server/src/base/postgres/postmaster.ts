import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from './account.ts';
import { commandLine, processExists } from './alive.ts';
import { spawnAs } from './run.ts';

/** A running PostgreSQL, as its pid file tells. */
export type Postmaster = { pid: number; port: number; ready: boolean };

/** The postmaster that runs on this cluster, or null. Removes the pid file of one that is gone when its id now is another process. */
export async function findPostmaster(cluster: string): Promise<Postmaster | null> {
  const noted = readPidFile(cluster);
  if (!noted) return null;
  if (isPostmaster(noted.pid, cluster)) return noted;
  // PostgreSQL itself removes the pid file of a dead process, but stops at one whose id lives on as something else.
  if (processExists(noted.pid) && readPidFile(cluster)?.pid === noted.pid) {
    await rm(join(cluster, 'postmaster.pid'), { force: true });
  }
  return null;
}

/** Starts a postmaster that outlives us and hears no Ctrl-C of our terminal. Its words go to the end of `logFile`. */
export async function spawnPostmaster(
  program: string,
  args: string[],
  { account, logFile }: { account: Account; logFile: string },
): Promise<{ pid: number | undefined; ended: () => boolean; said: () => string }> {
  // A file, not a pipe: it has to hold when we are killed.
  const log = await open(logFile, 'a', 0o600);
  try {
    const { size } = await log.stat();
    let ended = false;
    let refused = '';
    const child = spawn(program, args, {
      ...spawnAs(account),
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    child.once('exit', () => {
      ended = true;
    });
    child.once('error', (error) => {
      ended = true;
      refused = error.message;
    });
    child.unref();
    const said = () => `${readFileSync(logFile).subarray(size).toString()}${refused}`;
    return { pid: child.pid, ended: () => ended, said };
  } finally {
    await log.close();
  }
}

/** Stops a postmaster: connections are ended and everything is written; after 30 s without the writing, which is safe too. */
export async function stopPostmaster(pid: number, cluster: string): Promise<void> {
  for (const [signal, patienceMs] of [
    ['SIGINT', 30_000],
    ['SIGQUIT', 10_000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    const until = performance.now() + patienceMs;
    while (performance.now() < until) {
      if (readPidFile(cluster)?.pid !== pid || !isPostmaster(pid, cluster)) return;
      await sleep(10);
    }
  }
  throw new Error(`PostgreSQL (process ${pid}) does not stop.`);
}

function readPidFile(cluster: string): Postmaster | null {
  let lines: string[];
  try {
    lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return null;
  }
  // src/include/utils/pidfile.h: pid, data folder, start time, port, socket folder, address, shared memory, status.
  const pid = Number(lines[0]);
  return pid > 0 ? { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' } : null;
}

function isPostmaster(pid: number, cluster: string): boolean {
  return commandLine(pid)?.includes(cluster) ?? processExists(pid);
}
