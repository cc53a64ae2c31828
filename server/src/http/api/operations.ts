import { z } from 'zod';
import type { Db } from '../../base/db.ts';
import { checkHealth, type Heartbeats } from '../health.ts';
import type { Metrics } from '../metrics.ts';
import { type Route, route } from '../route.ts';

const healthSchema = z.object({
  status: z.enum(['healthy', 'unhealthy']),
  service: z.string(),
  timestamp: z.iso.datetime(),
  database: z.enum(['connected', 'unavailable']),
  workers: z.record(z.string(), z.enum(['running', 'stuck'])),
  registered_ducks: z.int(),
});

export const operationRoutes = ({
  db,
  heartbeats,
  metrics,
}: {
  db: Db;
  heartbeats: Heartbeats;
  metrics: Metrics;
}): Route[] => [
  route({
    method: 'get',
    path: '/health',
    who: 'public',
    summary: 'Whether this process can do its work: 200, or 503 with what is wrong',
    answers: { status: 200, schema: healthSchema, description: 'The database answers and the workers run.' },
    handler: () => checkHealth(db, heartbeats),
  }),
  route({
    method: 'get',
    path: '/metrics',
    who: 'member',
    summary: 'Metrics for Prometheus',
    answers: { status: 200, description: 'The Prometheus text format.' },
    handler: async () => {
      const { text, contentType } = await metrics.render();
      return new Response(text, { headers: { 'content-type': contentType } });
    },
  }),
];
