import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs of the peers, and the Debian packages they are in. */
const packages = {
  pgbench: 'postgresql-contrib',
  bearerbox: 'kannel',
  smsbox: 'kannel',
  fakesmsc: 'kannel-extras',
} as const;

/** Debian keeps these outside the PATH of an ordinary user. */
const more = ['/usr/sbin', '/usr/lib/kannel/test'];

const find = (name: string): string | null => {
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), ...more]) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {}
  }
  return null;
};

/**
 * Where a peer's program is; on Debian as root it is installed when missing. Throws an error of one sentence that says what to install.
 */
export const neededProgram = (name: keyof typeof packages): string => {
  const found = find(name);
  if (found) return found;
  const wanted = packages[name];
  if (process.getuid?.() === 0 && find('apt-get')) {
    process.stdout.write(`Installing ${wanted} for ${name} …\n`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    const install = () =>
      spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', wanted], {
        env,
        stdio: 'ignore',
      });
    if (install().status !== 0) {
      spawnSync('apt-get', ['update', '-qq'], { env, stdio: 'ignore' });
      install();
    }
    const installed = find(name);
    if (installed) return installed;
  }
  throw new Error(
    `${name} is missing: install it (on Debian: apt-get install ${wanted}) and run this again.`,
  );
};
