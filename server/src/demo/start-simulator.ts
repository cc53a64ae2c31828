import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CannotStart } from '../base/errors.ts';

const program = fileURLToPath(new URL('../../../simulator/src/main.ts', import.meta.url));
const patienceMs = 15_000;

/**
 * Starts the simulator as a process of its own, so that it outlives nothing and shares nothing with the server; it ends when this
 * process does, however that happens. Rejects with its last line when it could not start.
 */
export const startSimulator = async (port: number): Promise<{ url: string; stop(): Promise<void> }> => {
  const child = fork(program, ['--port', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // Ctrl-C reaches the whole process group: the simulator must stay until the last text is settled.
    detached: true,
  });
  let said = '';
  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
    said = (said + chunk).slice(-2_000);
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  const until = performance.now() + patienceMs;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new CannotStart(said.trim() || 'The simulator ended as soon as it was started.');
    const answer = await fetch(`${url}/simulator/health`).catch(() => null);
    if (answer?.ok && child.exitCode === null) break;
    if (performance.now() > until) {
      child.kill();
      throw new Error('The simulator did not answer in time.');
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return {
    url,
    async stop() {
      if (child.exitCode === null) child.kill('SIGTERM');
      await ended;
    },
  };
};
