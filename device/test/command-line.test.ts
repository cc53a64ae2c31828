import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { help } from '../src/options.ts';
import { buildDevice, deviceFolder, nodes } from './build.ts';
import { type FakeServer, startFakeServer, token } from './fake-server.ts';
import { type RunningClient, runClient } from './run-client.ts';
import { until } from './until.ts';

let build: Awaited<ReturnType<typeof buildDevice>>;
beforeAll(async () => {
  build = await buildDevice();
});
afterAll(() => build?.remove());

let server: FakeServer;
let folder: string;
let clients: RunningClient[];
beforeEach(async () => {
  server = await startFakeServer();
  folder = await mkdtemp(join(tmpdir(), 'trunkline-device-'));
  await writeFile(join(folder, 'token'), `${token}\n`);
  clients = [];
});
afterEach(async () => {
  await Promise.all(clients.map((one) => one.kill()));
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const run = (args: string[], options?: Parameters<typeof runClient>[2]) => {
  const client = runClient(build.folder, args, options);
  clients.push(client);
  return client;
};
const where = () => [
  '--server',
  server.url,
  '--token-file',
  join(folder, 'token'),
  '--spool',
  join(folder, 'spool'),
];

describe.each((await nodes()).map((node) => [node]))('with %s', (node) => {
  test('texts are printed, one line each, and nothing else is on standard output', async () => {
    const client = run(where(), { node });
    const ids = [server.text('one'), server.text('two\nlines')];
    await until('the acks', server.taken);
    const lines = client
      .stdout()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map((line) => line.id)).toEqual(ids);
    expect(lines[1]).toEqual(server.entries.get(ids[1]!)!.text);
    expect(client.stderr()).not.toMatch(/two|555/);
    expect(await client.stop()).toBe(0);
  });

  test('a command gets the text on stdin, and what it prints is the reply', async () => {
    const id = server.text("it's $HOME");
    run([...where(), '--reply', '--exec', 'printf "%s said " "$TRUNKLINE_FROM"; cat'], { node });
    await until('the ack', server.taken);
    const [message] = [...server.messages.values()];
    expect(message!.textId).toBe(id);
    expect(message!.body).toMatch(/^\+12025550123 said \{.*"body":"it's \$HOME"/);
  });

  test('its version is that of the package, and --help names every flag', async () => {
    const { version } = JSON.parse(await readFile(join(deviceFolder, 'package.json'), 'utf8'));
    const asked = run(['--version'], { node });
    expect(await asked.exited).toBe(0);
    await until('the version', () => asked.stdout() === `${version}\n`);
    const help = run(['--help'], { node });
    await until('the help', () => help.stdout().includes('--concurrency'));
  });

  test('the example of the README works as it is printed', async () => {
    const readme = await readFile(join(deviceFolder, 'README.md'), 'utf8');
    const [, example] = /```js\n([\s\S]*?)```/.exec(readme)!;
    const program = join(folder, 'program.mjs');
    await writeFile(
      program,
      example!
        .replace("'trunkline-device'", JSON.stringify(join(build.folder, 'index.js')))
        .replace("'https://sms.example.org'", JSON.stringify(server.url)),
    );
    const id = server.text('hi');
    const running = execFile(node, [program], {
      env: { PATH: process.env.PATH, TRUNKLINE_TOKEN: token, XDG_STATE_HOME: folder },
    });
    try {
      await until('the ack', server.taken);
      expect([...server.messages.values()]).toEqual([{ textId: id, body: 'You said: hi' }]);
      expect(await readdir(folder)).toContain('trunkline-device');
    } finally {
      running.kill('SIGKILL');
    }
  });
});

test('a command that fails has the text come again', async () => {
  const id = server.text('hard');
  const seen = join(folder, 'seen');
  run([...where(), '--exec', `cat >> ${seen}; test $TRUNKLINE_ATTEMPT -ge 3 || exit 7`]);
  await until('the ack', server.taken);
  expect(server.entries.get(id)!.nacks).toEqual([
    'the command ended with code 7',
    'the command ended with code 7',
  ]);
  expect((await readFile(seen, 'utf8')).trim().split('\n')).toHaveLength(3);
});

test('a command that takes too long is ended with all it started', async () => {
  const id = server.text('slow');
  run([...where(), '--timeout', '1', '--exec', `sleep 30 & echo $! > ${folder}/pid; wait`]);
  await until('a nack', () => server.entries.get(id)!.nacks.length > 0);
  expect(server.entries.get(id)!.nacks[0]).toBe('the command did not end within 1 seconds');
  const pid = Number(await readFile(join(folder, 'pid'), 'utf8'));
  await until('the end of what it started', () => {
    try {
      process.kill(pid, 0);
      return false;
    } catch {
      return true;
    }
  });
});

test('a command does not see the token', async () => {
  server.text('look');
  const seen = join(folder, 'seen');
  const client = run(['--server', server.url, '--spool', join(folder, 'spool'), '--exec', `env > ${seen}`], {
    env: { TRUNKLINE_TOKEN: token },
  });
  await until('the ack', server.taken);
  expect(await readFile(seen, 'utf8')).not.toContain(token);
  expect(client.stderr()).not.toContain(token);
});

test('an address gets the text posted; 2xx is done, all else comes again', async () => {
  const bodies: string[] = [];
  const agent = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    bodies.push(JSON.parse(body).body);
    response.writeHead(bodies.length === 1 ? 500 : 200).end('  posted reply\n');
  });
  await new Promise<void>((resolve) => agent.listen(0, '127.0.0.1', resolve));
  const { port } = agent.address() as AddressInfo;
  const id = server.text('post me');
  run([...where(), '--post', `http://127.0.0.1:${port}/texts`, '--reply']);
  await until('the ack', server.taken);
  expect(bodies).toEqual(['post me', 'post me']);
  expect(server.entries.get(id)!.nacks).toEqual([`127.0.0.1:${port} answered 500`]);
  expect([...server.messages.values()]).toEqual([{ textId: id, body: 'posted reply' }]);
  agent.closeAllConnections();
  await new Promise((resolve) => agent.close(resolve));
});

test('being told to stop, it lets the command end and acks', async () => {
  server.text('last');
  const script = join(folder, 'on-text.sh');
  await writeFile(script, `#!/bin/sh\ntouch ${folder}/begun\nsleep 0.3\n`);
  await chmod(script, 0o755);
  const client = run([...where(), '--exec', script]);
  await until('the begin', () =>
    readFile(join(folder, 'begun')).then(
      () => true,
      () => false,
    ),
  );
  expect(await client.stop()).toBe(0);
  expect(server.taken()).toBe(true);
});

test('a refused token ends it with a code and a sentence', async () => {
  const client = run(['--server', server.url, '--token', 'td_other', '--spool', join(folder, 'spool')]);
  expect(await client.exited).toBe(77);
  expect(client.stderr()).toContain('Make a new token for this device in the console');
  expect(client.stderr()).toContain('--token-file hides it');
});

test('the README names flags that there are', async () => {
  const readme = await readFile(join(deviceFolder, 'README.md'), 'utf8');
  const unit = await readFile(join(deviceFolder, 'trunkline-device.service'), 'utf8');
  const known = help.match(/--[a-z-]+/g)!;
  const named = [...readme.replaceAll('sudo systemctl', '').matchAll(/trunkline-device (--.*)|(`--[a-z-]+)/g)]
    .flatMap((match) => match[0].match(/--[a-z-]+/g)!)
    .concat(/ExecStart=.*/.exec(unit)![0].match(/--[a-z-]+/g)!);
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((flag) => !known.includes(flag))).toEqual([]);
});

test('a wrong command line ends it with every sentence', async () => {
  const client = run(['--exec', 'a', '--post', 'b', '--huh']);
  expect(await client.exited).toBe(2);
  expect(client.stderr().trim().split('\n')).toHaveLength(5);
});

test('it waits for a server that is not there, and says so', async () => {
  await server.close();
  const port = Number(new URL(server.url).port);
  const client = run(where());
  await until('the line', () => client.stderr().includes('the server cannot be reached (ECONNREFUSED)'));
  server = await startFakeServer({ port });
  server.text('at last');
  await until('the ack', server.taken);
});
