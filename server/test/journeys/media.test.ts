import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Message, Page, PhoneNumber } from '@trunkline/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../database.ts';
import { files } from '../media-files.ts';
import { openStand, type Stand } from './stand.ts';
import { until } from './until.ts';

let database: TestDatabase;
let stand: Stand;
const dataDir = mkdtempSync(join(tmpdir(), 'trunkline-media-'));

beforeAll(async () => {
  database = await createDatabase();
  stand = await openStand({ databaseUrl: database.url, signed: true, env: { DATA_DIR: dataDir } });
  // Nobody answers, so that only media are asked for at the provider.
  const numbers = await stand.api<Page<PhoneNumber>>('GET', '/v1/numbers');
  await stand.api('PATCH', `/v1/numbers/${numbers.data[0]!.id}`, { responder: { kind: 'inbox' } });
});
afterAll(async () => {
  await stand?.close();
  await database?.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

const sent = files.slice(0, 4).map(([, bytes, announced]) => ({
  contentType: announced,
  base64: bytes.toString('base64'),
}));

const message = (phone: string) =>
  until('the text', async () => (await stand.messages(phone)).find((one) => one.direction === 'inbound'));
const stored = (phone: string): Promise<Message> =>
  until('its media', async () => {
    const found = await message(phone);
    return found.media.every((one) => one.status === 'stored') && found;
  });
const expectServed = async ({ media }: Message) => {
  const bytes = await Promise.all(
    media.map(async ({ url }) => {
      // As a device would: with nothing but the address.
      const answer = await fetch(url);
      expect(answer.status).toBe(200);
      return Buffer.from(await answer.arrayBuffer()).toString('base64');
    }),
  );
  expect(bytes).toEqual(sent.map((one) => one.base64));
};
const mediaSteps = async (id: string) =>
  (await stand.record(id)).steps.filter((step) => step.type.startsWith('media.')).map((step) => step.type);

test('pictures from a phone are fetched with our credentials through the redirect, and served without', async () => {
  const phone = '+12025552001';
  await stand.text(phone, '', sent);
  const text = await stored(phone);
  for (const url of text.mediaUrls) expect((await fetch(url)).status).toBe(401);
  await expectServed(text);
  expect(await mediaSteps(text.id)).toEqual(Array(4).fill('media.stored'));
});

test('a server that is killed in the middle of fetching fetches them after its restart, each once', async () => {
  const phone = '+12025552002';
  const fault = await stand.fault({ on: 'request', effect: { kind: 'timeout', accept: false }, times: 3 });
  await stand.text(phone, 'Look', sent);
  await until('three to hang', async () => (await stand.used(fault.id)) === 3);
  await stand.server().kill();
  await stand.restart();
  const text = await stored(phone);
  await expectServed(text);
  expect((await mediaSteps(text.id)).filter((type) => type === 'media.stored')).toHaveLength(4);
});

test('a server that is stopped in the middle of fetching stops at once, and goes on after its start', async () => {
  const phone = '+12025552003';
  const fault = await stand.fault({ on: 'request', effect: { kind: 'timeout', accept: false }, times: 4 });
  await stand.text(phone, 'Look', sent);
  await until('all to hang', async () => (await stand.used(fault.id)) === 4);
  const began = performance.now();
  expect(await stand.server().stop()).toEqual({ code: 0 });
  expect(performance.now() - began).toBeLessThan(5_000);
  await stand.restart();
  await expectServed(await stored(phone));
  // One file for each medium, and nothing half-written.
  expect(readdirSync(join(dataDir, 'media')).filter((name) => !/^[0-9a-f-]{36}$/.test(name))).toEqual([]);
});
