import { conversationSchema, messageSchema, pageQuerySchema, pageSchema } from '@trunkline/contract';
import { z } from 'zod';
import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import type { MediaOf } from '../../media/media-of.ts';
import { listConversations, readConversation } from '../../store/read-conversations.ts';
import { listMessages } from '../../store/read-messages.ts';
import { ok, type Route, route } from '../route.ts';

const missing = () => new Problem(404, 'not_found', 'There is no such conversation.');

export const conversationRoutes = ({ db, media }: { db: Db; media: MediaOf }): Route[] => [
  route({
    method: 'get',
    path: '/v1/conversations',
    who: 'member',
    summary: 'List conversations, the most recently active first',
    query: pageQuerySchema.extend({ cursor: z.uuid().optional() }),
    answers: { status: 200, schema: pageSchema(conversationSchema), description: 'A page of conversations.' },
    handler: async ({ principal, query }) => ok(await listConversations(db, principal.organizationId, query)),
  }),
  route({
    method: 'get',
    path: '/v1/conversations/{id}',
    who: 'member',
    summary: 'Get a conversation',
    answers: { status: 200, schema: conversationSchema, description: 'The conversation.' },
    handler: async ({ principal, id }) => {
      const conversation = await readConversation(db, principal.organizationId, id);
      if (!conversation) throw missing();
      return ok(conversation);
    },
  }),
  route({
    method: 'get',
    path: '/v1/conversations/{id}/messages',
    who: 'member',
    summary: "List a conversation's messages, the newest first",
    query: pageQuerySchema.extend({ cursor: z.uuid().optional() }),
    answers: { status: 200, schema: pageSchema(messageSchema), description: 'A page of messages.' },
    handler: async ({ principal, id, query }) => {
      const { organizationId } = principal;
      if (!(await readConversation(db, organizationId, id))) throw missing();
      const { data, nextCursor } = await listMessages(db, organizationId, { conversationId: id }, query);
      return ok({ data: await media.shown(organizationId, data), nextCursor });
    },
  }),
];
