import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, link, mkdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Account, chooseAccount } from './account.ts';
import { clusterAccount } from './cluster.ts';
import { runAs } from './run.ts';

/** Where the cluster is (`<folder>/cluster`) and who runs it. */
export type Home = { folder: string; account: Account };

const shared = '/var/lib/trunkline';

/**
 * The folder that holds the cluster: the one asked for, or, when root asked for one that PostgreSQL's user can't enter,
 * a folder under /var/lib/trunkline that the file LOCATION in the folder asked for names from then on.
 */
export async function findHome(dataDir: string): Promise<Home> {
  const root = process.getuid?.() === 0;
  await mkdir(dataDir, { recursive: true, mode: root ? 0o711 : 0o700 });
  const asked = await realpath(dataDir);
  const folder = (await readLocation(asked)) ?? asked;
  const owner = await clusterAccount(join(folder, 'cluster'));
  if (owner !== undefined) return { folder, account: owner };

  const account = chooseAccount();
  if (!account || folder !== asked || (await canUse(asked, account))) return { folder, account };
  return { folder: await moveOut(asked), account };
}

/** Reads LOCATION, unless the folder is a copy of the one it was made for: two clones never share a database. */
async function readLocation(asked: string): Promise<string | null> {
  const location = (await readFile(join(asked, 'LOCATION'), 'utf8').catch(() => '')).trim();
  if (!location) return null;
  const origin = (await readFile(join(location, 'ORIGIN'), 'utf8').catch(() => '')).trim();
  if (origin === asked) return location;
  const original = await readFile(join(origin, 'LOCATION'), 'utf8').catch(() => '');
  if (origin && original.trim() === location) {
    await rm(join(asked, 'LOCATION'));
    return null;
  }
  if (!(await stat(location).catch(() => null))) {
    throw new Error(
      `The database of ${asked} should be in ${location}, which is gone: bring it back, or delete ${join(asked, 'LOCATION')} to begin with an empty one.`,
    );
  }
  // The folder was moved, and its database stays its own.
  await writeFile(join(location, 'ORIGIN'), asked);
  return location;
}

async function moveOut(asked: string): Promise<string> {
  const hash = createHash('sha256').update(asked).digest('hex').slice(0, 12);
  const folder = join(shared, `${hash}-${randomBytes(2).toString('hex')}`);
  await mkdir(folder, { recursive: true });
  // Enterable whatever the umask; nothing in them but the cluster can be listed or read.
  for (const path of [shared, folder]) await chmod(path, 0o711);
  await writeFile(join(folder, 'ORIGIN'), asked, { mode: 0o600 });
  const draft = join(asked, `LOCATION.${randomBytes(6).toString('hex')}`);
  await writeFile(draft, folder);
  try {
    // A link appears with its whole content, and only one process can make it.
    await link(draft, join(asked, 'LOCATION'));
    return folder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await rm(folder, { recursive: true });
    return (await readFile(join(asked, 'LOCATION'), 'utf8')).trim();
  } finally {
    await rm(draft);
  }
}

async function canUse(folder: string, account: NonNullable<Account>): Promise<boolean> {
  const probe = join(folder, `probe.${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(probe, { mode: 0o700 });
    await chown(probe, account.uid, account.gid);
    return (await runAs(account, '/bin/sh', ['-c', 'test -w "$1" && cd "$1"', 'sh', probe])).ok;
  } catch {
    return false;
  } finally {
    await rm(probe, { recursive: true, force: true });
  }
}
