import { type Simulator, startSimulator } from '@trunkline/simulator';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../browser.ts';
import { createDatabase, type TestDatabase } from '../database.ts';
import { type RunningServer, startServer } from '../run-server.ts';

let database: TestDatabase;
let simulator: Simulator;
let server: RunningServer;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  [database, simulator, browser] = await Promise.all([createDatabase(), startSimulator(), launchBrowser()]);
  server = await startServer({ databaseUrl: database.url, simulatorUrl: simulator.url });
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (line) => {
    // Before signing in the console asks who it is, and a 401 is the answer.
    if (line.type() === 'error' && !line.text().includes('401')) complaints.push(line.text());
  });
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await simulator?.close();
  await database?.drop();
});

test('sign in by the link, text from the phone, see the reply and both ticks', async () => {
  const link = /http\S+\/welcome#\S+/.exec(server.output())![0];
  await page.goto(link);
  await page.getByRole('button', { name: 'Open the console' }).click();
  await page.waitForURL(`${server.url}/conversations`);

  await page.getByRole('link', { name: 'Phones' }).click();
  const composer = page.getByRole('textbox', { name: 'Text from this phone' });
  await composer.fill('Hello from the browser');
  await composer.press('Enter');
  // The reply on the handset, and its record beside it.
  await page.getByText("Hi! I'm Trunkline's demo assistant").first().waitFor();
  await page.getByText('delivered, it is on the phone').waitFor();

  await page.getByRole('link', { name: 'Conversations' }).click();
  await page.getByRole('link', { name: /\+15550100001/ }).click();
  const reply = page.getByText("Hi! I'm Trunkline's demo assistant").last();
  await reply.waitFor();
  await page.getByRole('log', { name: 'Texts' }).getByRole('img', { name: 'Delivered' }).waitFor();
});

test('a person answers at the console, the phone gets it, and the ticks come live', async () => {
  const composer = page.getByRole('textbox', { name: 'Write a text' });
  await composer.fill('A person here: good evening!');
  await composer.press('Enter');
  await expect
    .poll(async () => {
      const answer = await fetch(`${simulator.url}/simulator/phones/%2B15550100001/messages`);
      return JSON.stringify(await answer.json());
    })
    .toContain('A person here: good evening!');
  await page.getByText('A person here: good evening!').last().click();
  const record = page.getByRole('dialog');
  await record.getByText('Accepted from a person at the console: 1 segment.').waitFor();
  await record.getByText('delivered, it is on the phone').waitFor();
  await page.keyboard.press('Escape');
});

test('what answers a number is changed in the console, and the next text goes there', async () => {
  await page.getByRole('link', { name: 'Numbers' }).click();
  const answers = page.getByRole('combobox', { name: 'What answers' }).first();
  await answers.selectOption({ label: 'A person at the console' });
  await page.getByText('Saved. It holds from the next text on.').waitFor();
  await page.getByRole('link', { name: 'Phones' }).click();
  const composer = page.getByRole('textbox', { name: 'Text from this phone' });
  await composer.fill('Is anybody there?');
  await composer.press('Enter');
  await page.getByText('To the inbox, which answers this number.', { exact: true }).waitFor();
});

test('a second link signs the owner in at once, and a used one says what to do', async () => {
  const link = /http\S+\/welcome#\S+/.exec(server.output())![0];
  const stranger = await browser.newPage();
  await stranger.goto(link);
  await stranger
    .getByText(/trunkline link/i)
    .first()
    .waitFor();
  await stranger.goto(`${server.url}/conversations`);
  await stranger.getByRole('textbox', { name: 'Password' }).waitFor();
  await stranger.close();
});

test('the browser had nothing to complain about', () => {
  expect(complaints).toEqual([]);
});
