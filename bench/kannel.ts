import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onEnd } from './ends.ts';
import { neededProgram } from './install.ts';
import { freePort } from './server.ts';

export type Kannel = { port: number; pids: Record<string, number>; stop(): Promise<void> };

const config = (port: { admin: number; box: number; smsc: number; http: number }) => `
group = core
admin-port = ${port.admin}
admin-password = bench
admin-interface = 127.0.0.1
smsbox-port = ${port.box}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
log-level = 4
dlr-storage = internal
sms-outgoing-queue-limit = 100000000

group = smsc
smsc = fake
smsc-id = fake
port = ${port.smsc}
our-host = 127.0.0.1
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = ${port.box}
sendsms-port = ${port.http}
sendsms-interface = 127.0.0.1
log-level = 4

group = sendsms-user
username = bench
password = bench
max-messages = 1

group = sms-service
keyword = default
text = none
max-messages = 0
`;

const listens = async (port: number): Promise<void> => {
  const until = performance.now() + 15_000;
  while (performance.now() < until) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('close', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Kannel does not listen on port ${port}.`);
};

/**
 * Starts Kannel: bearerbox with a fake SMSC that takes everything, and smsbox. Its queue is in memory, without a store file, as Kannel
 * is set up by default: what it accepts is lost when it is killed.
 */
export const startKannel = async (): Promise<Kannel> => {
  const programs = {
    bearerbox: neededProgram('bearerbox'),
    smsbox: neededProgram('smsbox'),
    fakesmsc: neededProgram('fakesmsc'),
  };
  const ports = {
    admin: await freePort(),
    box: await freePort(),
    smsc: await freePort(),
    http: await freePort(),
  };
  const folder = await mkdtemp(join(tmpdir(), 'trunkline-bench-'));
  const file = join(folder, 'kannel.conf');
  await writeFile(file, config(ports));
  const children: ChildProcess[] = [];
  const stop = onEnd(async () => {
    for (const child of children.reverse()) child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });
  const start = (program: string, args: string[]): number => {
    const child = spawn(program, args, { cwd: folder, stdio: 'ignore' });
    children.push(child);
    return child.pid!;
  };
  const bearerbox = start(programs.bearerbox, ['-v', '4', file]);
  await listens(ports.box);
  const smsbox = start(programs.smsbox, ['-v', '4', file]);
  await listens(ports.http);
  const args = ['-H', '127.0.0.1', '-r', String(ports.smsc), '-m', '0', '-v', '4', '1 2 text x'];
  const fakesmsc = start(programs.fakesmsc, args);
  const until = performance.now() + 10_000;
  const url = `http://127.0.0.1:${ports.http}/cgi-bin/sendsms?username=bench&password=bench&from=1&to=2&text=x`;
  for (;;) {
    // "0: Accepted for delivery" once the SMSC is there, "3: Queued for later delivery" before.
    const response = await fetch(url);
    if ((await response.text()).startsWith('0')) break;
    if (performance.now() > until) throw new Error('Kannel does not accept messages.');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { port: ports.http, pids: { smsbox, bearerbox, fakesmsc }, stop };
};
