import {
  acceptedMessageSchema,
  messageRecordSchema,
  messageSchema,
  messageStatusSchema,
  newMessageSchema,
  pageQuerySchema,
  pageSchema,
} from '@trunkline/contract';
import { z } from 'zod';
import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import type { Signals } from '../../base/signals.ts';
import { describe } from '../../events/describe.ts';
import { eventsOfMessage, presentEvent } from '../../events/read.ts';
import type { MediaOf } from '../../media/media-of.ts';
import type { Accept } from '../../outbound/accept.ts';
import { cancel } from '../../queue/cancel.ts';
import { listMessages, readMessage } from '../../store/read-messages.ts';
import { ok, type Route, route } from '../route.ts';

const missing = () => new Problem(404, 'not_found', 'There is no such message.');

export const messageRoutes = ({
  db,
  accept,
  signals,
  media,
}: {
  db: Db;
  accept: Accept;
  signals: Signals;
  media: MediaOf;
}): Route[] => [
  route({
    method: 'post',
    path: '/v1/messages',
    who: 'member',
    summary: 'Send a text',
    body: newMessageSchema,
    answers: {
      status: 202,
      schema: acceptedMessageSchema,
      description: 'Durably in the queue; what becomes of it is on its record.',
    },
    handler: async ({ principal, body }) => ({
      status: 202,
      body: await accept.accept({
        ...body,
        organizationId: principal.organizationId,
        author: principal.kind === 'user' ? 'person' : 'api',
      }),
    }),
  }),
  route({
    method: 'get',
    path: '/v1/messages',
    who: 'member',
    summary: 'List messages, the newest first',
    query: pageQuerySchema.extend({
      cursor: z.uuid().optional(),
      status: messageStatusSchema.optional(),
      conversationId: z.uuid().optional(),
    }),
    answers: { status: 200, schema: pageSchema(messageSchema), description: 'A page of messages.' },
    handler: async ({ principal: { organizationId }, query }) => {
      const { data, nextCursor } = await listMessages(db, organizationId, query, query);
      return ok({ data: await media.shown(organizationId, data), nextCursor });
    },
  }),
  route({
    method: 'get',
    path: '/v1/messages/{id}',
    who: 'member',
    summary: 'Get a message with its record of steps',
    answers: { status: 200, schema: messageRecordSchema, description: 'The message.' },
    handler: async ({ principal, id }) => {
      const message = await readMessage(db, principal.organizationId, id);
      if (!message) throw missing();
      // The events last: whatever the message and its media show is among its steps.
      const [shown] = await media.shown(principal.organizationId, [message]);
      const events = await eventsOfMessage(db, principal.organizationId, id);
      return ok({ ...shown, steps: events.flatMap((event) => describe(presentEvent(event))) });
    },
  }),
  route({
    method: 'post',
    path: '/v1/messages/{id}/cancel',
    who: 'member',
    summary: 'Cancel a message that is held or queued',
    answers: { status: 200, schema: messageSchema, description: 'The message, canceled.' },
    handler: async ({ principal, id }) => {
      const canceled = await cancel(db, principal.organizationId, id, principal.name);
      const message = await readMessage(db, principal.organizationId, id);
      if (!message) throw missing();
      if (!canceled && message.status !== 'canceled')
        throw new Problem(
          409,
          'not_cancelable',
          `Only a message that is held or queued can be canceled; this one is ${message.status}.`,
        );
      // What waited behind it in its conversation may go now.
      signals.raise('send');
      signals.raise('event');
      return ok({ ...message, media: [] });
    },
  }),
];
