import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Db } from '../base/db.ts';
import type { Log } from '../base/log.ts';

/** Everything GET /metrics shows. Labels never hold a number, an id or a text. */
export const createMetrics = (db: Db, log: Log) => {
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
      const rows = await db.query<{ status: string; count: number }>(
        // Each status has a partial index that holds only open messages: this never grows with history.
        `select status, count(*)::int as count from messages
         where status in ('held', 'queued', 'sending', 'unknown') group by status`,
      );
      this.reset();
      for (const status of ['held', 'queued', 'sending', 'unknown']) this.set({ status }, 0);
      for (const row of rows) this.set({ status: row.status }, row.count);
    },
  });
  new Gauge({
    name: 'trunkline_turns_open',
    help: "Assistants' turns that are waiting or running.",
    labelNames: ['status'],
    registers: [registry],
    async collect() {
      const rows = await db.query<{ status: string; count: number }>(
        `select status, count(*)::int as count from turns where status in ('waiting', 'running') group by status`,
      );
      for (const status of ['waiting', 'running'])
        this.set({ status }, rows.find((row) => row.status === status)?.count ?? 0);
    },
  });

  return {
    onWebhook: (kind: string, result: string) => webhooks.inc({ kind, result }),
    onAttempt: (outcome: string, seconds: number) => attempts.observe({ outcome }, seconds),
    onRequest: (method: string, status: number, seconds: number) =>
      requests.observe({ method, status: `${Math.trunc(status / 100)}xx` }, seconds),
    /** The text of GET /metrics. When the database is away, what needs none is shown all the same. */
    async render(): Promise<{ text: string; contentType: string }> {
      try {
        return { text: await registry.metrics(), contentType: registry.contentType };
      } catch (error) {
        log.warn({ error }, 'some metrics could not be read');
        registry.removeSingleMetric('trunkline_messages_open');
        registry.removeSingleMetric('trunkline_turns_open');
        return { text: await registry.metrics(), contentType: registry.contentType };
      }
    },
  };
};
export type Metrics = ReturnType<typeof createMetrics>;
