import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildDevice } from './build.ts';
import { startFakeServer, token } from './fake-server.ts';
import { runClient } from './run-client.ts';
import { until } from './until.ts';

let build: Awaited<ReturnType<typeof buildDevice>>;
beforeAll(async () => {
  build = await buildDevice();
});
afterAll(() => build?.remove());

/** What the spool has recorded as handled. */
const recorded = async (spool: string): Promise<string[]> => {
  const journal = await readFile(join(spool, 'done.log'), 'utf8').catch(() => '');
  return journal
    .split('\n')
    .filter((line) => line.startsWith('{"done"') && line.endsWith('}'))
    .map((line) => JSON.parse(line).done);
};

/** A program that is handed texts; `handled` has an entry for each time, in order. */
const programs = {
  async exec(folder: string) {
    const log = join(folder, 'handled');
    return {
      // It takes a while, so that kills fall into it as well as beside it.
      flags: ['--exec', `sleep 0.02; echo "$TRUNKLINE_TEXT_ID" >> '${log}'; echo ok`],
      handled: async () => (await readFile(log, 'utf8').catch(() => '')).split('\n').filter(Boolean),
      close: async () => {},
    };
  },
  async post() {
    const handled: string[] = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      await sleep(5);
      handled.push(JSON.parse(body).id);
      response.end('ok');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return {
      flags: ['--post', `http://127.0.0.1:${port}`],
      handled: async () => handled,
      async close() {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  },
};

describe.each([
  ['exec', 30],
  ['post', 20],
] as const)('with --%s', (kind, times) => {
  test(`killed ${times} times, it handles every text, and none that it had recorded again`, {
    timeout: 300_000,
  }, async () => {
    const server = await startFakeServer();
    const folder = await mkdtemp(join(tmpdir(), 'trunkline-device-'));
    const spool = join(folder, 'spool');
    const program = await programs[kind](folder);
    const start = () =>
      runClient(build.folder, ['--server', server.url, '--spool', spool, '--reply', ...program.flags], {
        env: { TRUNKLINE_TOKEN: token },
      });
    const ids: string[] = [];
    /** Each kill: what was recorded, and how many handlings had ended, when it was dead. */
    const kills: { recorded: Set<string>; handled: number }[] = [];
    // Many acks never arrive: what was handled is offered again after the kill.
    server.instead((request, _, path) => {
      if (!path.endsWith('/ack') || Math.random() < 0.5) return false;
      request.destroy();
      return true;
    });
    let client = start();
    try {
      for (let kill = 0; kill < times; kill++) {
        for (let i = 0; i < 6; i++) ids.push(server.text(`text ${ids.length}`));
        // Some kills come while it starts, most while it works.
        if (Math.random() < 0.85) await until('a connection', () => client.stderr().includes('Connected'));
        await sleep(Math.random() * 150);
        if (Math.random() < 0.2) server.cut();
        await client.kill();
        // A command that outlived it ends now: what it did counts as done before the kill.
        await sleep(kind === 'exec' ? 60 : 20);
        kills.push({ recorded: new Set(await recorded(spool)), handled: (await program.handled()).length });
        client = start();
      }
      server.instead(null);
      await until('all acks', server.taken, 60_000);
      await until('all handled', async () => (await readdir(join(spool, 'texts'))).length === 0);
      expect(await client.stop()).toBe(0);

      const handled = await program.handled();
      expect(new Set(handled), 'every text, and nothing else').toEqual(new Set(ids));
      for (const [i, kill] of kills.entries()) {
        const again = handled.slice(kill.handled).filter((id) => kill.recorded.has(id));
        expect(again, `recorded before kill ${i + 1}, handled after it`).toEqual([]);
      }
      // One text at a time: a kill can leave one handled and not recorded.
      expect(handled.length - ids.length).toBeLessThanOrEqual(kills.length);
      for (const [id, { acks }] of server.entries) expect(acks, `acks of ${id}`).toBeGreaterThan(0);
      const replies = [...server.messages.values()].map((message) => message.textId);
      expect(replies.sort(), 'one reply each').toEqual([...ids].sort());
    } finally {
      await client.kill();
      await program.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
