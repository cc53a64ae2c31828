import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Account, accountOf } from './account.ts';
import type { Binaries } from './binaries.ts';
import { explain } from './explain.ts';
import { runAs } from './run.ts';

/** What we keep inside the cluster: the password of the only role, the last port, and who stops it (see alive.ts). */
export type State = { password: string; port: number | null; owner: string | null };

export const role = 'trunkline';

/** The user of the cluster in this folder, or undefined when there is no cluster yet. Refuses one of another user. */
export async function clusterAccount(cluster: string): Promise<Account | undefined> {
  const found = await stat(cluster).catch(() => null);
  if (!found) return undefined;
  const us = process.getuid?.();
  if (us !== undefined && us !== 0 && us !== found.uid) {
    throw new Error(
      `The database in ${cluster} belongs to user ${found.uid}, we run as user ${us}: start as root again, or run \`sudo chown -R ${us} "${cluster}"\`.`,
    );
  }
  return accountOf(found);
}

/**
 * Makes a cluster: UTF-8, sorted by code point, password required from everybody.
 * It appears whole or not at all; when two processes make one at once, one of them wins and the other is thrown away.
 */
export async function createCluster(
  cluster: string,
  { binaries, account, durable }: { binaries: Binaries; account: Account; durable: boolean },
): Promise<void> {
  const work = `${cluster}.${randomBytes(6).toString('hex')}`;
  const fresh = join(work, 'cluster');
  const pwfile = join(work, 'password');
  const password = randomBytes(24).toString('base64url');
  try {
    await mkdir(work, { mode: 0o700 });
    await writeFile(pwfile, password, { mode: 0o600 });
    if (account) for (const path of [work, pwfile]) await chown(path, account.uid, account.gid);
    const made = await runAs(account, binaries.initdb, [
      `--pgdata=${fresh}`,
      `--pwfile=${pwfile}`,
      `--username=${role}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      ...(durable ? [] : ['--no-sync']),
    ]);
    if (!made.ok) throw explain(`PostgreSQL could not make a database in ${cluster}.`, made.output);
    await writeState(fresh, { password, port: null, owner: null });
    await rename(fresh, cluster).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Reads what we keep inside the cluster. */
export async function readState(cluster: string): Promise<State> {
  return JSON.parse(await readFile(join(cluster, 'trunkline.json'), 'utf8')) as State;
}

/** Replaces what we keep inside the cluster, at once and readable by its user only. */
export async function writeState(cluster: string, state: State): Promise<void> {
  const path = join(cluster, 'trunkline.json');
  const fresh = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(fresh, JSON.stringify(state), { mode: 0o600, flag: 'wx' });
  if (process.getuid?.() === 0) {
    const owner = await stat(cluster);
    await chown(fresh, owner.uid, owner.gid);
  }
  await rename(fresh, path);
}
