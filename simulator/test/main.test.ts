import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { startSimulator } from '../src/simulator.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const started: ReturnType<typeof fork>[] = [];

/** Starts the program; `said` is all it has written so far. */
function start(args: string[], env: Record<string, string> = {}) {
  const child = fork(main, args, { silent: true, env: { ...process.env, ...env } });
  started.push(child);
  const run = { child, said: '', ended: once(child, 'exit') };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      run.said += chunk.toString();
    });
  }
  return run;
}

async function listening(run: ReturnType<typeof start>) {
  while (!run.said.includes('\n')) await once(run.child.stdout!, 'data');
  return /http:\/\/127\.0\.0\.1:\d+/.exec(run.said)![0];
}

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

test('it says where it listens, answers, and ends cleanly when told', async () => {
  const run = start(['--port', '0']);
  const url = await listening(run);
  expect(run.said.trim().split('\n')).toHaveLength(1);
  expect((await fetch(`${url}/simulator/health`)).status).toBe(200);
  run.child.kill('SIGTERM');
  expect(await run.ended).toEqual([0, null]);
});

test('it ends with its parent', async () => {
  const run = start([], { SIMULATOR_PORT: '0' });
  await listening(run);
  run.child.disconnect();
  expect(await run.ended).toEqual([0, null]);
});

test('a taken port is one sentence and exit code 1', async () => {
  const taken = await startSimulator();
  const run = start(['--port', String(taken.port)]);
  expect(await run.ended).toEqual([1, null]);
  expect(run.said.trim()).toBe(
    `Port ${taken.port} is taken: stop what listens there, or give the simulator another one with --port.`,
  );
  await taken.close();
});

test.each([
  [['--host', '0.0.0.0'], 'loopback only'],
  [['--port', 'many'], 'is a number'],
])('%j is refused', async (args, sentence) => {
  const run = start(args);
  expect(await run.ended).toEqual([1, null]);
  expect(run.said).toContain(sentence);
});
