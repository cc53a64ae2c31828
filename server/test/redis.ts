import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type TestRedis = { url: string; stop(): Promise<void> };

/** Starts a real redis-server on a free port, in memory only. */
export async function startRedis(): Promise<TestRedis> {
  for (let tries = 1; ; tries += 1) {
    const port = await freePort();
    const args = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--daemonize',
      'no',
    ];
    const child = spawn('redis-server', args, { cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    const ready = new Promise<boolean>((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) =>
        reject(error.code === 'ENOENT' ? new Error(missing) : error),
      );
      child.once('exit', () => resolve(false));
      child.stderr.on('data', (chunk) => {
        said += chunk;
      });
      child.stdout.on('data', (chunk) => {
        said += chunk;
        if (/ready to accept connections/i.test(said)) resolve(true);
      });
    });
    if (await ready) {
      const stopWithUs = () => child.kill('SIGKILL');
      process.once('exit', stopWithUs);
      const stop = async () => {
        process.off('exit', stopWithUs);
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill('SIGKILL');
        await once(child, 'exit');
      };
      return { url: `redis://127.0.0.1:${port}`, stop };
    }
    // The port was taken between the choice and the start.
    if (!/address already in use/i.test(said) || tries === 5)
      throw new Error(`redis-server did not start: ${said.trim()}`);
    await sleep(10);
  }
}

const missing =
  'These tests need redis-server, which is not installed: `npm test` installs it on Debian as root, elsewhere run `apt-get install redis-server` or `brew install redis`.';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1' }, resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
