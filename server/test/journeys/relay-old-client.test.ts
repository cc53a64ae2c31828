import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../database.ts';
import { type Heard, startOldClient } from './old-client.ts';
import { openStand, type Stand } from './stand.ts';
import { until } from './until.ts';
import { openWifi } from './wifi.ts';

const number = '+12025551234';
const onePixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const phone = '+15550100001';
/** Longer than an answer without texts, shorter than one with a long text. */
const someBytes = 450;
const long = (text: string) => `${text} ${'æøå '.repeat(250)}`.trim();

let database: TestDatabase;
let stand: Stand;
let wifi: Awaited<ReturnType<typeof openWifi>>;
let client: Awaited<ReturnType<typeof startOldClient>>;
const sent: string[] = [];

beforeAll(async () => {
  database = await createDatabase();
  stand = await openStand({ databaseUrl: database.url });
  wifi = await openWifi(stand.server().port);
  client = await startOldClient(`${wifi.url}/register`, { number, name: 'Samantha', everyMs: 60 });
});
afterAll(async () => {
  await client?.stop();
  await wifi?.close();
  await stand?.close();
  await database?.drop();
});

const text = async (body: string, more = {}) => {
  sent.push(body);
  await stand.control('POST', `/phones/${phone}/messages?wait=webhook`, { to: number, body, ...more });
};
const messages = (heard: Heard[]) => heard.map((one) => one.message);
const count = async (where: string): Promise<number> =>
  (
    await stand.db.query<{ count: number }>(
      `select count(*) as count from device_texts where to_address = $1 and ${where}`,
      [number],
    )
  )[0]!.count;
/** Everything sent so far was heard, and the server has written down what arrived. */
const caughtUp = async () => {
  await until('the client to hear everything', () => client.heard.length >= sent.length);
  await until('it to be noted', async () => (await count(`status = 'leased' and written_at is null`)) === 0);
};

test('a client in the field gets every text once, whatever happens to it and to us', {
  timeout: 90_000,
}, async () => {
  // As it should be.
  await text('Hello');
  await text('Blåbærsyltetøy 🦆');
  await caughtUp();
  expect(messages(client.heard)).toEqual(sent);

  // A picture without a word.
  await text('', { media: [{ contentType: 'image/png', base64: onePixel }] });
  await caughtUp();
  expect(client.heard.at(-1)).toEqual({ message: '', mediaUrl: expect.stringMatching(/^https?:\/\//) });

  const picture = await fetch(client.heard.at(-1)!.mediaUrl!);
  expect(picture.status).toBe(200);
  expect(picture.headers.get('content-type')).toBe('image/png');

  // The connection is cut in mid-response.
  const cut = wifi.cutNext(someBytes);
  await text(long('Cut'));
  await cut;
  await caughtUp();

  // The server dies with a batch that arrived and no poll since, and texts come while it is away.
  await text('Before the kill');
  await caughtUp();
  wifi.goAway();
  await text('In the queue at the kill');
  await stand.server().kill();
  const meanwhile = text('While the server was away');
  await stand.restart();
  wifi.comeBack();
  await meanwhile;
  await caughtUp();

  // The server dies in mid-response: nobody notes that it broke off.
  const stalled = wifi.stallNext(someBytes);
  await text(long('Stalled'));
  await stalled;
  await stand.server().kill();
  await stand.restart();
  await caughtUp();

  // The server is stopped and started, as for a new version.
  expect(await stand.server().stop()).toEqual({ code: 0 });
  const during = text('During the deployment');
  await stand.restart();
  await during;
  await caughtUp();

  // Other devices write to it, at the doubled address of its generation.
  await fetch(`${stand.server().url}/register/duck/send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ from_duck: 'seven', to_duck: 'samantha', message: 'Quack' }),
  });
  await until('the other device to be heard', () => client.ducks.length > 0);

  // Nothing comes a second time.
  const polls = client.polls();
  await until('some more polls', () => client.polls() > polls + 5);
  expect(messages(client.heard).sort()).toEqual([...sent].sort());
  expect(client.ducks).toEqual(['seven: Quack']);
  expect(client.crash()).toBeNull();
  expect(await count(`status <> 'taken'`)).toBe(0);
});
