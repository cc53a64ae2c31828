import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The user PostgreSQL runs as. Null: the one we are (PostgreSQL refuses to run as root, and only root can choose). */
export type Account = { name: string; uid: number; gid: number } | null;

/** The user for a new cluster: ourselves, or as root `postgres`, else a system user made for it, else `nobody`. */
export function chooseAccount(): Account {
  if (process.getuid?.() !== 0) return null;
  const found = findUser('postgres') ?? findUser('trunkline') ?? createUser() ?? findUser('nobody');
  if (found) return found;
  throw new Error(
    'PostgreSQL does not run as root and this system has no other user to run it as: create one with `useradd --system trunkline`, or set DATABASE_URL.',
  );
}

/** The user that owns an existing cluster, which is the only one that may run it. */
export function accountOf(owner: { uid: number; gid: number }): Account {
  if (process.getuid?.() !== 0) return null;
  const name = users().find((user) => user.uid === owner.uid)?.name ?? `uid ${owner.uid}`;
  return { name, uid: owner.uid, gid: owner.gid };
}

function createUser(): Account {
  const args = ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent'];
  spawnSync('useradd', [...args, '--shell', '/usr/sbin/nologin', 'trunkline'], { stdio: 'ignore' });
  return findUser('trunkline');
}

function findUser(name: string): Account {
  return users().find((user) => user.name === name && user.uid !== 0) ?? null;
}

function users(): { name: string; uid: number; gid: number }[] {
  const rows = readFileSync('/etc/passwd', 'utf8').split('\n');
  return rows
    .map((row) => row.split(':'))
    .map((f) => ({ name: f[0] ?? '', uid: Number(f[2]), gid: Number(f[3]) }));
}
