import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demoAccount } from '@trunkline/contract/simulator';

export type RunningServer = {
  url: string;
  port: number;
  adminToken: string;
  /** Everything it has printed, both streams. */
  output(): string;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves to the exit code when it has stopped by itself. */
  stop(): Promise<{ code: number | null }>;
  exited: Promise<void>;
};

export type ServerOptions = {
  databaseUrl: string;
  simulatorUrl: string;
  /** Give the same one again to restart in the same place; unset: a free one. */
  port?: number;
  /** Where the simulator reaches the server; unset: the server's own address. */
  publicUrl?: string;
  /** With credentials as in production: signatures are enforced, nothing is open to loopback. */
  signed?: boolean;
  env?: Record<string, string>;
};

const root = fileURLToPath(new URL('../../', import.meta.url));
const adminToken = 'admin-token-of-the-journeys';
const patienceMs = 30_000;

/** In the child: when the test process goes, however that happens, so does the server. */
const endWithParent = `data:text/javascript,process.once('disconnect',()=>process.kill(process.pid,'SIGKILL'));process.channel.unref()`;

/** Started servers still running, for the tests' own exit. */
const running = new Set<() => void>();
process.on('exit', () => {
  for (const end of running) end();
});

/** A port that is free and that the system gives to nobody in between: below those it picks for outgoing connections. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const free = await new Promise<boolean>((resolve) => {
      const probe = createServer();
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    if (free) return port;
  }
};

/**
 * Runs the server as a process of its own, with short leases, and resolves when it has printed its addresses: it answers then, and
 * its numbers are known to the simulator (in demo mode). Rejects with what it printed when it ends before that.
 */
export const startServer = async (options: ServerOptions): Promise<RunningServer> => {
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const dataDir = await mkdtemp(join(tmpdir(), 'trunkline-server-'));
  const child = spawn(
    join(root, 'node_modules/.bin/node'),
    ['--import', endWithParent, 'server/src/main.ts'],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        PATH: process.env.PATH,
        NODE_COMPILE_CACHE: join(tmpdir(), 'trunkline-compile-cache'),
        HOST: '127.0.0.1',
        PORT: String(port),
        PUBLIC_URL: options.publicUrl ?? url,
        DATABASE_URL: options.databaseUrl,
        DATABASE_CONNECTIONS: '6',
        TWILIO_API_URL: options.simulatorUrl,
        DATA_DIR: dataDir,
        ADMIN_TOKEN: adminToken,
        // The same at each start, as a DATA_DIR that is kept would have it.
        SECRET_KEY: 'the-secret-key-of-the-journeys-0123456789',
        SEND_LEASE_SECONDS: '2',
        UNKNOWN_GRACE_SECONDS: '1',
        SEND_BACKOFF_SECONDS: '1',
        LOG_LEVEL: 'warn',
        ...(options.signed
          ? { TWILIO_ACCOUNT_SID: demoAccount.accountSid, TWILIO_AUTH_TOKEN: demoAccount.authToken }
          : {}),
        ...options.env,
      },
    },
  );

  let printed = '';
  const ready = Promise.withResolvers<void>();
  const exited = Promise.withResolvers<void>();
  let gone = false;
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      printed += chunk;
      if (/^Data {2}/m.test(printed)) ready.resolve();
    });
  const endNow = () => child.kill('SIGKILL');
  running.add(endNow);
  child.once('exit', () => {
    gone = true;
    running.delete(endNow);
    ready.reject(new Error(`The server ended before it was ready:\n${printed}`));
    exited.resolve();
  });
  const timer = setTimeout(
    () => ready.reject(new Error(`The server was not ready in time:\n${printed}`)),
    patienceMs,
  );
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    if (!gone) child.kill(signal);
    await exited.promise;
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await ready.promise;
  } catch (error) {
    await end('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
  }
  return {
    url,
    port,
    adminToken,
    output: () => printed,
    kill: () => end('SIGKILL'),
    async stop() {
      await end('SIGTERM');
      return { code: child.exitCode };
    },
    exited: exited.promise,
  };
};
