import type { Page as ListPage, PhoneNumber } from '@trunkline/contract';
import type { DeviceText } from '@trunkline/contract/device';
import { type Simulator, startSimulator } from '@trunkline/simulator';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../browser.ts';
import { createDatabase, type TestDatabase } from '../database.ts';
import { type RunningServer, startServer } from '../run-server.ts';
import { type Following, follow } from './follow.ts';
import { until } from './until.ts';

const phone = '+15550100001';

let database: TestDatabase;
let simulator: Simulator;
let server: RunningServer;
let browser: Browser;
let page: Page;
let number: PhoneNumber;
let token: string;
let device: Following<DeviceText>;
const complaints: string[] = [];

beforeAll(async () => {
  [database, simulator, browser] = await Promise.all([createDatabase(), startSimulator(), launchBrowser()]);
  server = await startServer({
    databaseUrl: database.url,
    simulatorUrl: simulator.url,
    env: { DEVICE_ATTEMPTS: '2' },
  });
  const numbers = await fetch(`${server.url}/v1/numbers`, {
    headers: { authorization: `Bearer ${server.adminToken}` },
  });
  number = ((await numbers.json()) as ListPage<PhoneNumber>).data[0]!;
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(15_000);
  page.on('dialog', (dialog) => void dialog.accept());
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (line) => {
    // Before signing in the console asks who it is, and a 401 is the answer.
    if (line.type() === 'error' && !line.text().includes('401')) complaints.push(line.text());
  });
  await page.goto(/http\S+\/welcome#\S+/.exec(server.output())![0]);
  await page.getByRole('button', { name: 'Open the console' }).click();
  await page.waitForURL(`${server.url}/conversations`);
});

afterAll(async () => {
  device?.close();
  await browser?.close();
  await server?.stop();
  await simulator?.close();
  await database?.drop();
});

const bearer = (of: string) => ({ authorization: `Bearer ${of}` });
const stream = (of: string) => follow<DeviceText>(`${server.url}/v1/device/stream`, bearer(of));

/** The virtual phone texts our number. */
const text = (body: string) =>
  fetch(`${simulator.url}/simulator/phones/${encodeURIComponent(phone)}/messages`, {
    method: 'POST',
    body: JSON.stringify({ to: number.phoneNumber, body }),
  });

const hears = (body: string, attempt: number) =>
  until(`the device to be given “${body}” the ${attempt}. time`, () =>
    device.heard.find((one) => one.body === body && one.attempt === attempt),
  );

/** What the device answers to a text. */
const settle = async ({ id }: DeviceText, how: 'ack' | 'nack', body: object = {}) => {
  const answer = await fetch(`${server.url}/v1/device/texts/${id}/${how}`, {
    method: 'POST',
    headers: { ...bearer(token), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
};

test('a device is paired in one step, and the dialog says when it has come', async () => {
  await page.getByRole('link', { name: 'Devices', exact: true }).click();
  await page.getByRole('button', { name: 'Pair a device' }).click();
  const dialog = page.getByRole('dialog', { name: 'Pair a device' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Anda');
  await dialog.getByRole('checkbox', { name: number.phoneNumber }).check();
  await dialog.getByText('From the next text on, this device does.').waitFor();
  await dialog.getByRole('button', { name: 'Pair', exact: true }).click();

  const handOver = page.getByRole('dialog', { name: 'Anda is paired' });
  token = (await handOver.getByText(/^td_\S+$/).textContent())!;
  await handOver.getByText(`npx trunkline-device --server ${server.url}`).waitFor();
  await handOver.getByText('Waiting for Anda to connect…').waitFor();
  device = await stream(token);
  await handOver.getByText('Anda is online.').waitFor();
  await handOver.getByRole('button', { name: 'Done' }).click();

  await page.getByRole('link', { name: 'Numbers' }).click();
  await page.getByText('Every text goes to Anda.').waitFor();
});

test('a text from a phone is seen waiting, with the device, and taken', async () => {
  await page.getByRole('link', { name: 'Devices', exact: true }).click();
  const card = page.getByRole('region', { name: 'Device Anda' });
  await card.getByText('Online').waitFor();
  await card.getByText('Never').waitFor();
  await card.getByRole('link', { name: 'Anda', exact: true }).click();
  await page.getByText('Nothing waits: every text was taken.').waitFor();

  await text('Quack from a phone');
  const given = await hears('Quack from a phone', 1);
  const queue = page.getByRole('region', { name: 'Queue' });
  await queue.getByText('Quack from a phone').waitFor();
  await queue.getByText('With the device').waitFor();
  await settle(given, 'ack');
  const taken = page.getByRole('region', { name: 'Taken' });
  await taken.getByText('Quack from a phone').waitFor();
  await page.getByText('Nothing waits: every text was taken.').waitFor();

  await taken.getByText('Quack from a phone').click();
  await page.getByRole('dialog').getByText('Taken by the device Anda.').waitFor();
  await page.keyboard.press('Escape');
});

test('a text the device fails at becomes a dead letter with the reason, and goes to it again when replayed', async () => {
  const reason = 'The speaker is not plugged in.';
  await text('Sing something');
  await settle(await hears('Sing something', 1), 'nack', { reason });
  // Waiting again or with the device once more, whichever the browser comes to see.
  await page.getByRole('region', { name: 'Queue' }).getByText(reason).waitFor();
  await settle(await hears('Sing something', 2), 'nack', { reason });
  const dead = page.getByRole('region', { name: 'Dead letters' });
  await dead.getByText(reason).waitFor();

  await dead.getByRole('button', { name: 'Replay' }).click();
  await settle(await hears('Sing something', 3), 'ack');
  await page.getByRole('region', { name: 'Taken' }).getByText('Sing something').waitFor();
  await dead.waitFor({ state: 'detached' });
});

test('a new token takes over, and a revoked one is refused at once', async () => {
  await page.getByRole('button', { name: 'Make a new token' }).click();
  const handOver = page.getByRole('dialog', { name: 'A new token for Anda' });
  const next = (await handOver.getByText(/^td_\S+$/).textContent())!;
  expect(next).not.toBe(token);
  await handOver.getByRole('button', { name: 'Done' }).click();
  const old = token;
  token = next;
  device.close();
  device = await stream(token);
  const heartbeat = async (of: string) =>
    (await fetch(`${server.url}/v1/device/heartbeat`, { method: 'POST', headers: bearer(of) })).status;
  expect(await heartbeat(token)).toBe(204);
  expect(await heartbeat(old)).toBe(401);

  await page.getByRole('button', { name: 'Revoke the token' }).click();
  await page.getByText('Its token is revoked.').waitFor();
  expect(await heartbeat(token)).toBe(401);
});

test('a device is renamed, and removed', async () => {
  const name = page.getByRole('textbox', { name: 'Name' });
  await name.fill('Anda of the kitchen');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'Anda of the kitchen' }).waitFor();
  await page.getByRole('button', { name: 'Remove this device' }).click();
  await page.getByText('No device yet').waitFor();
});

test('the browser had nothing to complain about', () => {
  expect(complaints).toEqual([]);
});
