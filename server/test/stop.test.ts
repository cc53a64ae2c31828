import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  adminToken,
  eventually,
  nextPhone,
  type OnCreate,
  realSettings,
  startProvider,
  startServer,
  type TestProvider,
  type TestServer,
} from './build.ts';

let provider: TestProvider;
beforeAll(async () => {
  provider = await startProvider();
});
afterAll(() => provider.close());

const startOne = () => startServer({ ...realSettings(provider), TWILIO_PHONE_NUMBER: '+14155550100' });
const stopWithin = async (server: TestServer, ms: number) => {
  const began = performance.now();
  await server.stop();
  expect(performance.now() - began).toBeLessThan(ms);
};

test('a server stops at once with connections that wait, never asked, or follow events', async () => {
  const server = await startOne();
  const silent = connect(server.port, '127.0.0.1');
  await once(silent, 'connect');
  await server.get('/v1/session');
  const stream = await fetch(`${server.origin}/v1/events`, {
    headers: { authorization: `Bearer ${adminToken}` },
  });
  const following = stream.text();
  await stopWithin(server, 3_000);
  silent.destroy();
  expect(await following).toMatch(/^retry:/);
});

test('what is under way is finished: the text that was handed over is settled', async () => {
  const server = await startOne();
  const to = nextPhone();
  const answer = Promise.withResolvers<void>();
  provider.onCreate = async (): Promise<OnCreate> => {
    await answer.promise;
    return 'take';
  };
  const { id } = (await server.post('/v1/messages', { to, body: 'Hello' })).body;
  await eventually(
    async () => (await server.get(`/v1/messages/${id}`)).body.status === 'sending',
    'it is under way',
  );
  let row: unknown;
  const { db } = server;
  const stopped = server.halt().then(async () => {
    [row] = await db.query('select status, attempts from messages where id = $1', [id]);
  });
  answer.resolve();
  await stopped;
  expect(row).toEqual({ status: 'sent', attempts: 1 });
  expect(provider.taken.filter((one) => one.to === to)).toHaveLength(1);
  await server.stop();
});
