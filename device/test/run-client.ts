import { spawn } from 'node:child_process';
import { join } from 'node:path';

const running = new Set<() => void>();
process.on('exit', () => {
  for (const end of running) end();
});

/** Runs the compiled command as a process of its own. */
export const runClient = (
  folder: string,
  args: string[],
  { node = process.execPath, env = {} }: { node?: string; env?: Record<string, string> } = {},
) => {
  const child = spawn(node, [join(folder, 'main.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
  });
  const end = () => child.kill('SIGKILL');
  running.add(end);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      running.delete(end);
      resolve(code);
    });
  });
  return {
    stdout: () => stdout,
    stderr: () => stderr,
    /** Resolves to its exit code; null: a signal ended it. */
    exited,
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
    /** SIGKILL, to it alone. */
    kill() {
      child.kill('SIGKILL');
      return exited;
    },
  };
};
export type RunningClient = ReturnType<typeof runClient>;
