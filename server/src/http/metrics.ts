import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Db } from '../base/db.ts';
import type { Log } from '../base/log.ts';

// One partial index for each: they hold only what is open, so that this never grows with history.
const openMessages = ['held', 'queued', 'sending', 'unknown']
  .map(
    (status) =>
      `select '${status}' as status, count(*)::int as count from messages where status = '${status}'`,
  )
  .join(' union all ');
const openTurns = ['waiting', 'running']
  .map(
    (status) => `select '${status}' as status, count(*)::int as count from turns where status = '${status}'`,
  )
  .join(' union all ');

/** Everything GET /metrics shows. Labels never hold a number, an id or a text. */
export const createMetrics = (db: Db, log: Log) => {
  /** With the database away the gauge shows nothing, and the rest of the page is shown all the same. */
  const fill = async (gauge: Gauge<'status'>, sql: string) => {
    gauge.reset();
    try {
      const rows = await db.query<{ status: string; count: number }>(sql);
      for (const row of rows) gauge.set({ status: row.status }, row.count);
    } catch (error) {
      log.warn({ error }, 'a metric could not be read');
    }
  };

  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const webhooks = new Counter({
    name: 'trunkline_webhooks_total',
    help: 'Webhooks by kind and what became of them.',
    labelNames: ['kind', 'result'],
    registers: [registry],
  });
  const attempts = new Histogram({
    name: 'trunkline_send_attempt_seconds',
    help: 'Send attempts by outcome: how long the provider took.',
    labelNames: ['outcome'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
    registers: [registry],
  });
  const requests = new Histogram({
    name: 'trunkline_http_request_seconds',
    help: 'HTTP requests by method and status class.',
    labelNames: ['method', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [registry],
  });
  new Gauge({
    name: 'trunkline_messages_open',
    help: 'Messages that are not yet settled, by status.',
    labelNames: ['status'],
    registers: [registry],
    async collect() {
      await fill(this, openMessages);
    },
  });
  new Gauge({
    name: 'trunkline_turns_open',
    help: "Assistants' turns that are waiting or running.",
    labelNames: ['status'],
    registers: [registry],
    async collect() {
      await fill(this, openTurns);
    },
  });

  return {
    onWebhook: (kind: string, result: string) => webhooks.inc({ kind, result }),
    onAttempt: (outcome: string, seconds: number) => attempts.observe({ outcome }, seconds),
    onRequest: (method: string, status: number, seconds: number) =>
      requests.observe({ method, status: `${Math.trunc(status / 100)}xx` }, seconds),
    /** The page of GET /metrics. */
    render: async () => ({ text: await registry.metrics(), contentType: registry.contentType }),
  };
};
export type Metrics = ReturnType<typeof createMetrics>;
