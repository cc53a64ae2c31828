import { percentiles } from '../figures.ts';
import { type Shot, shootClosed } from './closed.ts';
import { shootOpen } from './open.ts';
import { renderSends, type SendPlan } from './sends.ts';
import { renderWebhooks, type WebhookPlan } from './webhooks.ts';

/** What one load generator, a process of its own, shall do. */
export type Plan = {
  port: number;
  connections: number;
  requests: WebhookPlan | SendPlan;
} & ({ mode: 'closed'; seconds: number } | { mode: 'open'; perSecond: number });

export type Result = {
  seconds: number;
  statuses: Record<string, number>;
  p50: number;
  p99: number;
  max: number;
  /** CPU seconds the generator took while it shot. */
  cpu: number;
  /** Open loop only: how late the generator itself was, p99 in milliseconds. */
  lag99: number | null;
};

const render = (plan: Plan['requests']) =>
  plan.kind === 'webhooks' ? renderWebhooks(plan) : renderSends(plan);

const run = async (plan: Plan): Promise<void> => {
  const requests = render(plan.requests);
  process.send!('ready');
  await new Promise((resolve) => process.once('message', resolve));
  const before = process.cpuUsage();
  let shot: Shot & { lags?: Float64Array };
  if (plan.mode === 'closed') shot = await shootClosed(plan.port, requests, plan);
  else shot = await shootOpen(plan.port, requests, plan);
  const { user, system } = process.cpuUsage(before);
  const { seconds, statuses, latencies, lags } = shot;
  const [p50, p99, max] = percentiles(latencies, 50, 99, 100) as [number, number, number];
  const lag99 = lags ? percentiles(lags, 99)[0]! : null;
  process.send!({ seconds, statuses, p50, p99, max, cpu: (user + system) / 1e6, lag99 } satisfies Result);
  process.disconnect();
};

process.once('message', (plan) => {
  run(plan as Plan).catch((error: Error) => {
    process.stderr.write(`The load generator failed: ${error.stack}\n`);
    process.exit(1);
  });
});
