import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onEnd } from './ends.ts';

export const credentials = {
  accountSid: `AC${'b'.repeat(32)}`,
  authToken: 'be7c4'.padEnd(32, '0'),
  publicUrl: 'https://sms.example.org',
  number: '+14155550100',
  adminToken: 'admin-token-of-the-benchmarks',
};

export type BenchServer = { pid: number; port: number; stop(): Promise<void> };

/** A port that is free now. */
export const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
};

/** In the child: when this process goes, however that happens, so does the server. */
const endWithParent = `data:text/javascript,process.once('disconnect',()=>process.kill(process.pid,'SIGKILL'));process.channel.unref()`;

/**
 * Starts the real server as a process of its own, as in production: with credentials, so that signatures are enforced, and with the
 * default settings. Without a model its number is answered by the inbox.
 */
export const startServer = async (options: {
  databaseUrl: string;
  /** Its main.ts, when it is not this checkout's. */
  main?: string | undefined;
  /** Arguments for Node, such as --cpu-prof. */
  nodeArgs?: string[];
  env?: Record<string, string>;
}): Promise<BenchServer> => {
  const port = await freePort();
  const dataDir = await mkdtemp(join(tmpdir(), 'trunkline-bench-'));
  const main = options.main ?? fileURLToPath(new URL('../server/src/main.ts', import.meta.url));
  const child = spawn(process.execPath, [...(options.nodeArgs ?? []), '--import', endWithParent, main], {
    cwd: dataDir,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: dataDir,
      DATABASE_URL: options.databaseUrl,
      PUBLIC_URL: credentials.publicUrl,
      TWILIO_ACCOUNT_SID: credentials.accountSid,
      TWILIO_AUTH_TOKEN: credentials.authToken,
      TWILIO_PHONE_NUMBER: credentials.number,
      // Nothing of a benchmark may reach the real one.
      TWILIO_API_URL: 'http://127.0.0.1:9',
      ADMIN_TOKEN: credentials.adminToken,
      LOG_LEVEL: 'warn',
      ...options.env,
    },
  });
  let printed = '';
  const ready = Promise.withResolvers<void>();
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      printed = (printed + chunk).slice(-20_000);
      if (/^Data {2}/m.test(printed)) ready.resolve();
    });
  const exited = once(child, 'exit');
  void exited.then(() => ready.reject(new Error(`The server ended:\n${printed}`)));
  const stop = onEnd(async () => {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await exited;
      clearTimeout(timer);
    }
    await rm(dataDir, { recursive: true, force: true });
    const warned = printed.split('\n').filter((line) => line.startsWith('{'));
    if (warned.length > 0)
      process.stderr.write(`The server warned (${warned.length}), last: ${warned.at(-1)}\n`);
  });
  await ready.promise;
  return { pid: child.pid!, port, stop };
};

/** Makes an API key of the first organization. */
export const createKey = async (server: BenchServer): Promise<string> => {
  const response = await fetch(`http://127.0.0.1:${server.port}/v1/api-keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${credentials.adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'bench' }),
  });
  const body = (await response.json()) as { key?: string };
  if (!body.key) throw new Error(`No API key was made: ${response.status}`);
  return body.key;
};
