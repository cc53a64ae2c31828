import { pageQuerySchema } from '@trunkline/contract';
import { z } from 'zod';
import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import type { Receive } from '../../inbound/receive.ts';
import { listQuarantine, markReplayed, type Quarantined, readQuarantined } from '../../store/quarantine.ts';
import { ok, type Route, route } from '../route.ts';

const quarantinedSchema = z.object({
  id: z.uuid(),
  kind: z.enum(['inbound', 'status']),
  reason: z.string(),
  detail: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  receivedAt: z.iso.datetime(),
  replayedAt: z.iso.datetime().nullable(),
});

const present = (kept: Quarantined): z.infer<typeof quarantinedSchema> => {
  const params = new URLSearchParams(kept.rawBody);
  return {
    id: kept.id,
    kind: kept.kind,
    reason: kept.reason,
    detail: kept.detail,
    from: params.get('From'),
    to: params.get('To'),
    receivedAt: kept.receivedAt.toISOString(),
    replayedAt: kept.replayedAt?.toISOString() ?? null,
  };
};

export const quarantineRoutes = ({ db, receive }: { db: Db; receive: Receive }): Route[] => [
  route({
    method: 'get',
    path: '/v1/quarantine',
    who: 'admin',
    summary: 'List webhooks that could not be taken as they were, the newest first',
    query: pageQuerySchema.extend({ cursor: z.uuid().optional() }),
    answers: {
      status: 200,
      schema: z.object({ data: z.array(quarantinedSchema), nextCursor: z.uuid().nullable() }),
      description: 'A page of the quarantine.',
    },
    handler: async ({ principal, query }) => {
      const rows = await listQuarantine(db, principal.organizationId, { ...query, limit: query.limit + 1 });
      const data = rows.slice(0, query.limit).map(present);
      return ok({ data, nextCursor: rows.length > query.limit ? data.at(-1)!.id : null });
    },
  }),
  route({
    method: 'post',
    path: '/v1/quarantine/{id}/replay',
    who: 'admin',
    summary: 'Take a quarantined webhook again, with the settings as they are now',
    answers: {
      status: 200,
      schema: z.object({ ok: z.boolean(), detail: z.string() }),
      description: 'Whether it was taken, and a sentence.',
    },
    handler: async ({ principal, id }) => {
      const kept = await readQuarantined(db, principal.organizationId, id);
      if (!kept) throw new Problem(404, 'not_found', 'There is no such webhook in the quarantine.');
      const result = await receive.replay(kept);
      if (result.ok) await markReplayed(db, principal.organizationId, id);
      return ok(result);
    },
  }),
];
