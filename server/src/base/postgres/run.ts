import { execFile, type SpawnOptions } from 'node:child_process';
import type { Account } from './account.ts';

/**
 * How PostgreSQL's programs are started: as their user, from a folder every user can enter, and with an environment
 * that holds none of our secrets.
 */
export function spawnAs(account: Account): SpawnOptions {
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
  return { cwd: '/', env, ...(account ? { uid: account.uid, gid: account.gid } : {}) };
}

/** Runs a program as the account until it ends. Returns whether it succeeded, and what it wrote. */
export function runAs(
  account: Account,
  program: string,
  args: string[],
): Promise<{ ok: boolean; output: string }> {
  const { cwd, env, uid, gid } = spawnAs(account);
  const options = {
    cwd: cwd as string,
    env: env as NodeJS.ProcessEnv,
    ...(uid !== undefined ? { uid, gid: gid! } : {}),
  };
  return new Promise((resolve) => {
    try {
      execFile(program, args, options, (error, stdout, stderr) => {
        resolve({ ok: !error, output: `${stdout}${stderr}${error && !stderr ? error.message : ''}`.trim() });
      });
    } catch (error) {
      // A missing right to change the user is thrown, not called back.
      resolve({ ok: false, output: (error as Error).message });
    }
  });
}
