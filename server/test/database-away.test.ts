import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  eventually,
  incomingForm,
  nextPhone,
  nextSid,
  realSettings,
  signature,
  startProvider,
  startServer,
  type TestProvider,
  type TestServer,
} from './build.ts';
import { startTestPostgres, type TestDatabase, type TestPostgres } from './database.ts';

const own = '+14155550100';
const marker = 'zanzibar';
let postgres: TestPostgres;
let database: TestDatabase;
let provider: TestProvider;
let server: TestServer;

beforeAll(async () => {
  [postgres, provider] = await Promise.all([startTestPostgres(), startProvider()]);
  database = await postgres.createDatabase();
  server = await startServer(
    { ...realSettings(provider), TWILIO_PHONE_NUMBER: own },
    { database: database.url },
  );
});
afterAll(async () => {
  await server.stop();
  await provider.close();
  await postgres.stop();
});

const webhook = (form: Record<string, string>, path = '/webhooks/twilio/sms') =>
  server.form(path, form, {
    'x-twilio-signature': signature('the-token-in-use', `https://sms.example.test${path}`, form),
  });
const health = () => server.get('/health', { token: null });
const stored = async () =>
  (
    await server.db.query(
      'select (select count(*)::int from messages) as messages, (select count(*)::int from quarantine) as kept',
    )
  )[0];

test('while PostgreSQL is away nothing is acknowledged and nothing lost; when it is back all goes on', async () => {
  expect((await health()).status).toBe(200);
  const known = incomingForm({ from: nextPhone(), to: own, body: `Before ${marker}` });
  expect((await webhook(known)).status).toBe(200);
  const sent = (await server.post('/v1/messages', { to: nextPhone(), body: `Hi ${marker}` })).body;
  await eventually(
    async () => (await server.get(`/v1/messages/${sent.id}`)).body.status === 'sent',
    'the first text is sent',
  );
  const before = await stored();
  await postgres.halt();

  const down = await health();
  expect(down.status).toBe(503);
  expect(down.body).toMatchObject({ status: 'unhealthy', database: 'unavailable' });

  const again = incomingForm({ from: nextPhone(), to: own, body: `Meanwhile ${marker}` });
  const receipt = { MessageSid: nextSid(), MessageStatus: 'delivered' };
  const unsigned = incomingForm({ from: nextPhone(), to: own, body: `Unsigned ${marker}` });
  const answers = await Promise.all([
    webhook(again),
    webhook(known),
    webhook(receipt, `/webhooks/twilio/status?id=${sent.id}`),
    server.form('/webhooks/twilio/sms', unsigned),
    server.post('/v1/messages', { to: nextPhone(), body: `Hi ${marker}` }),
    server.get('/v1/messages'),
    server.post(`/v1/messages/${sent.id}/cancel`, {}),
  ]);
  for (const answer of answers) {
    expect([answer.status, answer.type]).toEqual([503, 'application/problem+json']);
    expect(answer.body.code).toBe('database_unavailable');
    expect(answer.body.detail).toMatch(/^The database .*\.$/);
  }
  expect((await server.get('/metrics')).text).not.toMatch(/\+1415|%2B1415/);

  await postgres.resume();
  await eventually(async () => (await health()).status === 200, 'it is healthy again');
  expect(await server.get('/v1/messages').then(({ body }) => body.data.length)).toBe(
    (before as { messages: number }).messages,
  );
  expect((await server.get('/v1/quarantine')).body.data).toEqual([]);

  // What Twilio sends again is taken, once.
  for (let i = 0; i < 2; i++) expect((await webhook(again)).status).toBe(200);
  expect((await webhook(receipt, `/webhooks/twilio/status?id=${sent.id}`)).status).toBe(200);
  expect((await server.get(`/v1/messages/${sent.id}`)).body.status).toBe('delivered');
  const { data } = (await server.get('/v1/messages')).body;
  expect(data.filter((one: { providerSid: string }) => one.providerSid === again.MessageSid)).toHaveLength(1);

  // And the workers go on by themselves.
  const next = (await server.post('/v1/messages', { to: nextPhone(), body: `Hi ${marker}` })).body;
  await eventually(
    async () => (await server.get(`/v1/messages/${next.id}`)).body.status === 'sent',
    'the next text is sent',
  );
});

test('PostgreSQL restarted under load: every text that was accepted leaves once, every one refused never', async () => {
  provider.taken.length = 0;
  const accepted: string[] = [];
  const refused: string[] = [];
  let done = false;
  const accepting = Promise.all(
    Array.from({ length: 6 }, async (_, worker) => {
      for (let i = 0; !done; i++) {
        const body = `load ${worker} ${i}`;
        const { status } = await server.post('/v1/messages', { to: nextPhone(), body });
        if (status === 202) accepted.push(body);
        else refused.push(body);
        expect([202, 503]).toContain(status);
        if (status !== 202) await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }),
  );
  await eventually(() => accepted.length > 50, 'some are accepted');
  await postgres.halt();
  await eventually(() => refused.length > 0, 'some are refused');
  await postgres.resume();
  const then = accepted.length;
  await eventually(() => accepted.length > then + 50, 'more are accepted');
  done = true;
  await accepting;
  await eventually(
    async () => {
      const { text } = await server.get('/metrics');
      return (
        /messages_open\{status="queued"\} 0/.test(text) && /messages_open\{status="sending"\} 0/.test(text)
      );
    },
    'all are sent',
    20_000,
  );
  const left = provider.taken.map((one) => one.body);
  expect(new Set(left).size).toBe(left.length);
  expect(accepted.filter((body) => !left.includes(body))).toEqual([]);
  // One whose commit was under way when the connection broke may have been accepted without our word for it: at most a few.
  expect(refused.filter((body) => left.includes(body)).length).toBeLessThanOrEqual(6);
});

test('the log says what happened, and holds no text, number or secret', () => {
  const all = server.lines.join('');
  expect(all).toMatch(/database|queue could not be read/);
  expect(all).not.toContain(marker);
  expect(all).not.toMatch(/\+1415|%2B1415|the-token|admin-token/);
  expect(all).not.toContain(new URL(database.url).password);
});
