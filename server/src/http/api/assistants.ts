import { assistantSchema, pageSchema } from '@trunkline/contract';
import { z } from 'zod';
import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import type { Signals } from '../../base/signals.ts';
import type { Models } from '../../responders/assistant/model/models.ts';
import { changeAssistant, listAssistants } from '../../store/assistants.ts';
import { ok, type Route, route } from '../route.ts';

const changeSchema = z.strictObject({
  name: z.string().trim().min(1).max(100).optional(),
  instructions: z.string().max(20_000).optional(),
  model: z.string().max(200).optional(),
});

type Parts = { db: Db; models: Models; signals: Signals };

export const assistantRoutes = ({ db, models, signals }: Parts): Route[] => [
  route({
    method: 'get',
    path: '/v1/assistants',
    who: 'member',
    summary: 'List the assistants',
    answers: { status: 200, schema: pageSchema(assistantSchema), description: 'All assistants.' },
    handler: async ({ principal }) =>
      ok({ data: await listAssistants(db, principal.organizationId), nextCursor: null }),
  }),
  route({
    method: 'patch',
    path: '/v1/assistants/{id}',
    who: 'admin',
    summary: 'Change an assistant',
    body: changeSchema,
    answers: { status: 200, schema: assistantSchema, description: 'The assistant as it is now.' },
    handler: async ({ principal, id, body }) => {
      if (body.model !== undefined) {
        try {
          models.find(body.model);
        } catch (error) {
          const message = (error as Error).message;
          throw new Problem(400, 'invalid_request', message, [{ path: 'model', message }]);
        }
      }
      const assistant = await changeAssistant(db, principal.organizationId, id, body);
      if (!assistant) throw new Problem(404, 'not_found', 'There is no such assistant.');
      signals.raise('directory');
      return ok(assistant);
    },
  }),
];
