import { prepareLoad } from './generate.ts';
import { countRows } from './inbound.ts';
import type { Kannel } from './kannel.ts';
import { phones } from './phones.ts';
import type { BenchDatabase, BenchPostgres } from './postgres.ts';
import { type BenchServer, credentials } from './server.ts';
import { type Watched, watch } from './watch.ts';

export type SendRound = { perSecond: number; p50: number; p99: number; watched: Watched };

const connections = 32;

const accepted = (statuses: Record<string, number>): number => {
  const { 202: count = 0, ...other } = statuses;
  if (Object.keys(other).length > 0)
    throw new Error(`Not every send was accepted: ${JSON.stringify(statuses)}`);
  return count;
};

/** One round of POST /v1/messages from 32 clients. Throws unless exactly what was accepted is in the queue. */
export const runAccept = async (
  server: BenchServer,
  database: BenchDatabase,
  postgres: BenchPostgres,
  { key, seconds }: { key: string; seconds: number },
): Promise<SendRound> => {
  const fire = await prepareLoad({
    mode: 'closed',
    port: server.port,
    connections,
    seconds,
    requests: {
      kind: 'accepts',
      key,
      from: credentials.number,
      recipients: phones(20_000 * seconds),
    },
  });
  const before = await countRows(database, 'messages');
  await database.query('checkpoint');
  const watching = watch({ server: server.pid, postgres: postgres.pid });
  const result = await fire();
  const watched = watching(result.cpu);
  const count = accepted(result.statuses);
  const queued = (await countRows(database, 'messages')) - before;
  if (queued !== count) throw new Error(`${count} messages were accepted, ${queued} are in the queue.`);
  return { perSecond: count / result.seconds, p50: result.p50, p99: result.p99, watched };
};

/** One round of Kannel's sendsms with the same texts from as many clients. */
export const runSendsms = async (kannel: Kannel, seconds: number): Promise<SendRound> => {
  const fire = await prepareLoad({
    mode: 'closed',
    port: kannel.port,
    connections,
    seconds,
    requests: {
      kind: 'sendsms',
      from: credentials.number,
      recipients: phones(35_000 * seconds),
    },
  });
  const watching = watch(kannel.pids);
  const result = await fire();
  const watched = watching(result.cpu);
  return { perSecond: accepted(result.statuses) / result.seconds, p50: result.p50, p99: result.p99, watched };
};
