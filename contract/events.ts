import { z } from 'zod';

/**
 * What happened, appended in the transaction that made it happen. GET /v1/events streams them (SSE): `id` is the cursor for
 * Last-Event-ID, `event` the type, `data` this object as JSON.
 */
export const eventSchema = z.object({
  id: z.string(),
  type: z.string(),
  at: z.iso.datetime(),
  conversationId: z.uuid().nullable(),
  messageId: z.uuid().nullable(),
  /** The message's status after this event, where it has one. */
  status: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
});
export type Event = z.infer<typeof eventSchema>;

export const eventTypes = [
  'message.received',
  'message.routed',
  'message.accepted',
  'message.held',
  'message.released',
  'message.sending',
  'message.sent',
  'message.retrying',
  'message.unknown',
  'message.resolved',
  'message.receipt',
  'message.failed',
  'message.expired',
  'message.canceled',
  'turn.started',
  'turn.completed',
  'turn.retrying',
  'turn.failed',
  /** A text waits for a device, was handed to it, was acked, failed and is offered again, is given up, and was replayed. */
  'device.queued',
  'device.offered',
  'device.taken',
  'device.failed',
  'device.dead_letter',
  'device.replayed',
  /** Something that came with a text was fetched from the provider, will be tried again, or can't be had; and was deleted there. */
  'media.stored',
  'media.retrying',
  'media.failed',
  'media.deleted',
  'media.not_deleted',
  /** A device's queue has come to DEVICE_QUEUE_LIMIT. */
  'device.queue_full',
] as const;
export type EventType = (typeof eventTypes)[number];
