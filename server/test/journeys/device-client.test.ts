import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page, PhoneNumber } from '@trunkline/contract';
import type { Device, PairedDevice } from '@trunkline/contract/device';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildDevice } from '../../../device/test/build.ts';
import { runClient } from '../../../device/test/run-client.ts';
import { createDatabase } from '../database.ts';
import { openStand, ourNumber, type Stand } from './stand.ts';
import { until } from './until.ts';

let build: Awaited<ReturnType<typeof buildDevice>>;
let database: Awaited<ReturnType<typeof createDatabase>>;
let stand: Stand;
let folder: string;
beforeAll(async () => {
  build = await buildDevice();
  database = await createDatabase();
  stand = await openStand({ databaseUrl: database.url });
  folder = await mkdtemp(join(tmpdir(), 'trunkline-device-'));
});
afterAll(async () => {
  await stand?.close();
  await database?.drop();
  await build?.remove();
  await rm(folder, { recursive: true, force: true });
});

/** Pairs a device with our number and runs the published client for it, with a command that notes each text and answers it. */
const pair = async (name: string) => {
  const numbers = await stand.api<Page<PhoneNumber>>('GET', '/v1/numbers');
  const number = numbers.data.find((one) => one.phoneNumber === ourNumber)!;
  const paired = await stand.api<PairedDevice>('POST', '/v1/devices', { name, numberIds: [number.id] });
  const log = join(folder, `${name}.log`);
  const run = () =>
    runClient(
      build.folder,
      [
        ...['--server', stand.server().url, '--spool', join(folder, name), '--reply'],
        ...['--exec', `sed -E 's/.*"body":"([^"]*)".*/\\1/' | tee -a '${log}' | sed 's/^/Quack to /'`],
      ],
      { env: { TRUNKLINE_TOKEN: paired.token } },
    );
  return {
    run,
    handled: async () => (await readFile(log, 'utf8').catch(() => '')).split('\n').filter(Boolean),
    state: () => stand.api<Device>('GET', `/v1/devices/${paired.id}`),
    remove: () => stand.request('DELETE', `/v1/devices/${paired.id}`),
  };
};
const answers = async (phone: string) =>
  (await stand.screen(phone)).filter((one) => one.direction === 'in').map((one) => one.body);

test('a text of a phone reaches the command of a device, and what it prints is on the phone', async () => {
  const duck = await pair('duck');
  const client = duck.run();
  await stand.text('+12025550131', 'hello');
  await until('the reply', async () => (await answers('+12025550131')).includes('Quack to hello'));
  await until('the ack', async () => (await duck.state()).pending === 0);
  expect(await answers('+12025550131')).toEqual(['Quack to hello']);
  expect(await duck.handled()).toEqual(['hello']);
  expect((await duck.state()).online).toBe(true);
  expect(await client.stop()).toBe(0);
  await duck.remove();
});

test('with client and server killed in between, every text is handled and answered', {
  timeout: 300_000,
}, async () => {
  const goose = await pair('goose');
  const phone = '+12025550132';
  const bodies: string[] = [];
  const kills = 8;
  let client = goose.run();
  for (let kill = 0; kill < kills; kill++) {
    for (let i = 0; i < 4; i++) {
      const body = `text ${bodies.length}`;
      bodies.push(body);
      await stand.textAndWait(phone, body);
    }
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 300));
    if (kill % 2 === 0) {
      await client.kill();
      client = goose.run();
    } else {
      await stand.server().kill();
      await stand.restart();
    }
  }
  await until('every answer', async () => new Set(await answers(phone)).size === bodies.length, 60_000);
  await until('every ack', async () => (await goose.state()).pending === 0);
  expect(await client.stop()).toBe(0);
  expect((await goose.state()).dead).toBe(0);
  const handled = await goose.handled();
  expect(new Set(handled)).toEqual(new Set(bodies));
  // A kill can fall between the end of the command and its record, or between a reply and the answer to it.
  expect(handled.length - bodies.length).toBeLessThanOrEqual(kills);
  expect((await answers(phone)).length - bodies.length).toBeLessThanOrEqual(kills);
});
