import { runAccept, runSendsms, type SendRound } from './accept.ts';
import { pairDevices, runDevices } from './devices.ts';
import { exact, median, whole } from './figures.ts';
import { fillHistory } from './fill-history.ts';
import { type InboundRound, runInbound } from './inbound.ts';
import { startKannel } from './kannel.ts';
import { runIdle, runOffered } from './latency.ts';
import { preparePgbench } from './pgbench.ts';
import type { BenchPostgres } from './postgres.ts';
import { startStandIn } from './provider.ts';
import { cpuEach, say, sayRound } from './say.ts';
import { createKey, startServer } from './server.ts';
import { watch } from './watch.ts';

export type Settings = {
  postgres: BenchPostgres;
  rounds: number;
  seconds: number;
  /** Messages to fill the tables with; 0: the measure of history is left out. */
  history: number;
  /** The main.ts of another checkout of the server. */
  main: string | undefined;
};

const web = { ROLES: 'web' };

/** The other ratio: CPU time, which what else runs disturbs less than it does rates. */
const sayCosts = (measure: string, costs: number[]): void =>
  say(measure, `by CPU time, all processes ${costs.map(exact).join(' ')}, median ${exact(median(costs))}`);

/** Signed, deduped, durably recorded webhooks against single-row durable inserts on the same PostgreSQL, in turn. */
const inbound = async ({ postgres, rounds, seconds, main }: Settings): Promise<void> => {
  say('inbound', 'webhooks recorded/s ÷ pgbench single-row durable inserts/s, 64 clients each, bar ≥ 1.0');
  const database = await postgres.createDatabase();
  const server = await startServer({ databaseUrl: database.url, main });
  const pgbench = await preparePgbench(database, 64);
  await runInbound(server, database, postgres, 2);
  const ratios: number[] = [];
  const costs: number[] = [];
  let rss = 0;
  for (let round = 1; round <= rounds; round++) {
    await database.query('checkpoint');
    const watching = watch({ postgres: postgres.pid });
    const inserts = await pgbench(seconds);
    const watched = watching();
    sayRound('pgbench inserts', inserts.perSecond, { p50: inserts.averageMs }, watched, seconds);
    const texts = await runInbound(server, database, postgres, seconds);
    sayRound('webhooks recorded', texts.perSecond, texts, texts.watched, seconds);
    ratios.push(texts.perSecond / inserts.perSecond);
    costs.push(
      cpuEach(watched, inserts.perSecond * seconds) / cpuEach(texts.watched, texts.perSecond * seconds),
    );
    rss = Math.max(rss, texts.watched.rssMb);
  }
  say('inbound', `ratio ${ratios.map(exact).join(' ')}, median ${exact(median(ratios))}`);
  sayCosts('inbound', costs);
  say('memory', `server under load, most resident: ${whole(rss)} MB (bar < 300)`);
  await server.stop();
};

/** Durable accepts against Kannel's accepts into memory, in turn. */
const accept = async ({ postgres, rounds, seconds, main }: Settings): Promise<void> => {
  say('accept', 'POST /v1/messages, durable ÷ Kannel sendsms, in memory only, 32 clients each, bar ≥ 0.5');
  const database = await postgres.createDatabase();
  const server = await startServer({ databaseUrl: database.url, main, env: web });
  const key = await createKey(server);
  await runAccept(server, database, postgres, { key, seconds: 2 });
  const ratios: number[] = [];
  const costs: number[] = [];
  let rss = 0;
  for (let round = 1; round <= rounds; round++) {
    // Fresh each time: its log of what it sent must not grow from round to round.
    const kannel = await startKannel();
    const theirs = await runSendsms(kannel, seconds);
    await kannel.stop();
    sayRound('Kannel sendsms', theirs.perSecond, theirs, theirs.watched, seconds);
    const ours = await runAccept(server, database, postgres, { key, seconds });
    sayRound('accepted', ours.perSecond, ours, ours.watched, seconds);
    ratios.push(ours.perSecond / theirs.perSecond);
    costs.push(
      cpuEach(theirs.watched, theirs.perSecond * seconds) / cpuEach(ours.watched, ours.perSecond * seconds),
    );
    rss = Math.max(rss, ours.watched.rssMb);
  }
  say('accept', `ratio ${ratios.map(exact).join(' ')}, median ${exact(median(ratios))}`);
  sayCosts('accept', costs);
  say('memory', `server under load, most resident: ${whole(rss)} MB (bar < 300)`);
  await server.stop();
};

/** Webhooks at 1,000/s offered, and single texts through an idle server. */
const latency = async ({ postgres, seconds, main }: Settings): Promise<void> => {
  say('latency', 'webhook acknowledged at 1,000/s offered, from the moment it was due, bar p99 < 10 ms');
  const database = await postgres.createDatabase();
  const standIn = await startStandIn();
  const env = { TWILIO_API_URL: standIn.url };
  const server = await startServer({ databaseUrl: database.url, main, env });
  await runOffered(server, database, { perSecond: 1_000, seconds: 2 });
  const offered = await runOffered(server, database, { perSecond: 1_000, seconds: Math.max(10, seconds) });
  say(
    'latency',
    `webhooks: p50 ${exact(offered.p50)} ms, p99 ${exact(offered.p99)} ms, most ${exact(offered.max)} ms (generator late, p99: ${exact(offered.lag99!)} ms)`,
  );
  const idle = await runIdle(server, standIn, { key: await createKey(server), messages: 200 });
  say('latency', 'message accepted → request at the provider, idle, 200 one at a time, bar p99 < 25 ms');
  say(
    'latency',
    `from the 202: p50 ${exact(idle.fromAccepted.p50)} ms, p99 ${exact(idle.fromAccepted.p99)} ms`,
  );
  say('latency', `from the call: p50 ${exact(idle.fromCall.p50)} ms, p99 ${exact(idle.fromCall.p99)} ms`);
  await server.stop();
};

/** Inbound and accept on filled tables against the same on empty ones, in turn. */
const history = async ({ postgres, rounds, seconds, main, history: messages }: Settings): Promise<void> => {
  say(
    'history',
    `with ${whole(messages)} messages over 100,000 conversations ÷ with empty tables, bar ≥ 0.9`,
  );
  const prepare = async (filled: boolean) => {
    const database = await postgres.createDatabase();
    if (filled) {
      // A first start makes the organization and its number, which the history belongs to.
      await (await startServer({ databaseUrl: database.url, main, env: web })).stop();
      const began = performance.now();
      await fillHistory(database, messages);
      const [size] = await database.query<{ size: string }>(
        'select pg_size_pretty(pg_database_size(current_database())) as size',
      );
      say('history', `filled in ${whole((performance.now() - began) / 1000)} s, ${size!.size}`);
    }
    const server = await startServer({ databaseUrl: database.url, main, env: web });
    const key = await createKey(server);
    await runInbound(server, database, postgres, 2);
    await runAccept(server, database, postgres, { key, seconds: 2 });
    return {
      server,
      inbound: () => runInbound(server, database, postgres, seconds),
      accept: () => runAccept(server, database, postgres, { key, seconds }),
    };
  };
  const filled = await prepare(true);
  const empty = await prepare(false);
  const compare = async (name: string, which: 'inbound' | 'accept') => {
    const ratios: number[] = [];
    const costs: number[] = [];
    for (let round = 1; round <= rounds; round++) {
      const without: InboundRound | SendRound = await empty[which]();
      sayRound(`${name}, empty`, without.perSecond, without, without.watched, seconds);
      const held = await filled[which]();
      sayRound(`${name}, filled`, held.perSecond, held, held.watched, seconds);
      ratios.push(held.perSecond / without.perSecond);
      costs.push(
        cpuEach(without.watched, without.perSecond * seconds) /
          cpuEach(held.watched, held.perSecond * seconds),
      );
    }
    say('history', `${name}: ratio ${ratios.map(exact).join(' ')}, median ${exact(median(ratios))}`);
    sayCosts('history', costs);
  };
  await compare('webhooks recorded', 'inbound');
  await compare('accepted', 'accept');
  await filled.server.stop();
  await empty.server.stop();
};

/** A thousand devices connected to one server, and texts to them. */
const devices = async ({ postgres, rounds, seconds, main }: Settings): Promise<void> => {
  const connected = 1_000;
  const perSecond = 100;
  say(
    'devices',
    `webhook due → connected device has it, ${whole(connected)} streams on one server, ${perSecond} texts/s, bar p99 < 20 ms`,
  );
  const database = await postgres.createDatabase();
  const server = await startServer({ databaseUrl: database.url, main });
  const paired = await pairDevices(server, database, connected);
  // Long enough that everybody has texted once.
  await runDevices(server, postgres, paired, { perSecond, seconds: connected / perSecond });
  let rss = 0;
  for (let round = 1; round <= rounds; round++) {
    const of = await runDevices(server, postgres, paired, { perSecond, seconds: Math.max(10, seconds) });
    const noise =
      of.watched.othersCores > 0.05 ? `, other programs ${exact(of.watched.othersCores)} cores` : '';
    say(
      'devices',
      `had it: p50 ${exact(of.delivered.p50)} p99 ${exact(of.delivered.p99)} most ${exact(of.delivered.max)} ms; acknowledged: p50 ${exact(of.acknowledged.p50)} p99 ${exact(of.acknowledged.p99)} ms; had it after that: p50 ${exact(of.afterAck.p50)} p99 ${exact(of.afterAck.p99)} ms; CPU ms per text: server ${exact((of.watched.cpu.server! * 1000) / of.texts)}, postgres ${exact((of.watched.cpu.postgres! * 1000) / of.texts)}${noise}`,
    );
    rss = Math.max(rss, of.watched.rssMb);
  }
  say('memory', `server with ${whole(connected)} streams, most resident: ${whole(rss)} MB (bar < 300)`);
  await server.stop();
};

/** Every measure, in the order they run when none is named. */
export const measures = { inbound, accept, latency, devices, history };
