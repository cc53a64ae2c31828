import { prepareLoad } from './generate.ts';
import { distinct } from './load/webhooks.ts';
import { phones } from './phones.ts';
import type { BenchDatabase, BenchPostgres } from './postgres.ts';
import { type BenchServer, credentials } from './server.ts';
import { type Watched, watch } from './watch.ts';

/** Renders no more than this for each second of a round; a server that takes them all sooner is measured over the shorter time. */
const mostPerSecond = 25_000;

export type InboundRound = { perSecond: number; p50: number; p99: number; watched: Watched };

export const countRows = async (database: BenchDatabase, table: string): Promise<number> => {
  const [row] = await database.query<{ count: number }>(`select count(*)::int as count from ${table}`);
  return row!.count;
};

/** The plan of webhooks for one round, two of a hundred from phones never seen before. */
export const webhooks = (count: number) => ({
  kind: 'webhooks' as const,
  accountSid: credentials.accountSid,
  authToken: credentials.authToken,
  publicUrl: credentials.publicUrl,
  to: credentials.number,
  senders: phones(count),
});

/** Throws unless every request was answered 200 and what is in the tables is exactly what was acknowledged. */
export const checkRecorded = async (
  database: BenchDatabase,
  before: { messages: number; events: number },
  statuses: Record<string, number>,
): Promise<number> => {
  const { 200: acknowledged = 0, ...other } = statuses;
  if (Object.keys(other).length > 0)
    throw new Error(`Not every webhook was acknowledged: ${JSON.stringify(statuses)}`);
  const recorded = (await countRows(database, 'messages')) - before.messages;
  const events = (await countRows(database, 'events')) - before.events;
  const expected = distinct(acknowledged);
  if (recorded !== expected || events !== expected)
    throw new Error(
      `${acknowledged} webhooks with ${expected} different texts were acknowledged; recorded: ${recorded} messages, ${events} events.`,
    );
  return recorded;
};

/**
 * One round of webhooks from 64 clients. Every hundredth is a repeat; a rate counts only the texts that were recorded.
 * Throws when the tables don't hold exactly what was acknowledged.
 */
export const runInbound = async (
  server: BenchServer,
  database: BenchDatabase,
  postgres: BenchPostgres,
  seconds: number,
): Promise<InboundRound> => {
  const fire = await prepareLoad({
    mode: 'closed',
    port: server.port,
    connections: 64,
    seconds,
    requests: webhooks(mostPerSecond * seconds),
  });
  const before = {
    messages: await countRows(database, 'messages'),
    events: await countRows(database, 'events'),
  };
  await database.query('checkpoint');
  const watching = watch({ server: server.pid, postgres: postgres.pid });
  const result = await fire();
  const watched = watching(result.cpu);
  const recorded = await checkRecorded(database, before, result.statuses);
  return { perSecond: recorded / result.seconds, p50: result.p50, p99: result.p99, watched };
};
