import { Agent, request } from 'node:http';
import { percentiles } from './figures.ts';
import { prepareLoad } from './generate.ts';
import { checkRecorded, countRows, webhooks } from './inbound.ts';
import type { Result } from './load/client.ts';
import { phone } from './phones.ts';
import type { BenchDatabase } from './postgres.ts';
import type { StandIn } from './provider.ts';
import type { BenchServer } from './server.ts';

/** Webhooks at a constant rate; a latency counts from the moment the request was due. */
export const runOffered = async (
  server: BenchServer,
  database: BenchDatabase,
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<Result> => {
  const fire = await prepareLoad({
    mode: 'open',
    port: server.port,
    connections: 128,
    perSecond,
    requests: webhooks(perSecond * seconds),
  });
  const before = {
    messages: await countRows(database, 'messages'),
    events: await countRows(database, 'events'),
  };
  const result = await fire();
  await checkRecorded(database, before, result.statuses);
  return result;
};

/** Posts a text and resolves when its 202 is here. */
const post = (agent: Agent, port: number, key: string, to: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const body = JSON.stringify({ to, body: 'Your room is ready.' });
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    request({ agent, port, host: '127.0.0.1', method: 'POST', path: '/v1/messages', headers }, (response) => {
      if (response.statusCode !== 202) reject(new Error(`A message was answered ${response.statusCode}.`));
      response.resume().on('end', resolve);
    })
      .on('error', reject)
      .end(body);
  });

export type Idle = {
  /** From the call of the API to the request at the provider, milliseconds. */
  fromCall: { p50: number; p99: number };
  /** From the 202 to the request at the provider; negative when the request is there before the 202. */
  fromAccepted: { p50: number; p99: number };
};

/** Texts one at a time through an idle server, each to a phone of its own, and how long until the provider has the request. */
export const runIdle = async (
  server: BenchServer,
  standIn: StandIn,
  { key, messages }: { key: string; messages: number },
): Promise<Idle> => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const fromCall: number[] = [];
  const fromAccepted: number[] = [];
  const warmUp = 10;
  for (let i = 0; i < messages + warmUp; i++) {
    // The pause changes, so that nothing periodic can fall into step with it.
    await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 40));
    const arrival = standIn.next();
    const called = performance.now();
    await post(agent, server.port, key, phone(6_000_000 + i));
    const accepted = performance.now();
    const arrived = await arrival;
    if (i < warmUp) continue;
    fromCall.push(arrived - called);
    fromAccepted.push(arrived - accepted);
  }
  agent.destroy();
  const shown = (values: number[]) => {
    const [p50, p99] = percentiles(values, 50, 99) as [number, number];
    return { p50, p99 };
  };
  return { fromCall: shown(fromCall), fromAccepted: shown(fromAccepted) };
};
