import { z } from 'zod';

/**
 * States of a message. An incoming one is always `received`; all others are of outgoing messages.
 * The order of travel is drawn in ARCHITECTURE.md.
 */
export const messageStatuses = [
  'received',
  'held',
  'queued',
  'sending',
  'unknown',
  'sent',
  'delivered',
  'read',
  'undelivered',
  'failed',
  'expired',
  'canceled',
] as const;
export const messageStatusSchema = z.enum(messageStatuses);
export type MessageStatus = z.infer<typeof messageStatusSchema>;

export const prioritySchema = z.enum(['urgent', 'high', 'normal', 'bulk']);
export type Priority = z.infer<typeof prioritySchema>;

export const encodingSchema = z.enum(['gsm7', 'ucs2']);
export type Encoding = z.infer<typeof encodingSchema>;

export const holdSchema = z.object({
  /** A sentence a person understands. */
  reason: z.string(),
  /** When it will be tried again by itself; null: it waits for a person. */
  until: z.iso.datetime().nullable(),
});

/** One line of a message's record: what happened to it, when, and the details with the raw codes. */
export const stepSchema = z.object({
  at: z.iso.datetime(),
  /** The event's type, e.g. `message.received`, `message.routed`, `message.attempted`. */
  type: z.string(),
  /** A sentence a person understands. */
  summary: z.string(),
  detail: z.record(z.string(), z.unknown()),
});
export type Step = z.infer<typeof stepSchema>;

/** What came with a text, fetched from us without credentials of the provider; the address expires. */
export const messageMediaSchema = z.object({
  url: z.string(),
  /** What its bytes are; until it is `stored`, what the provider says. */
  contentType: z.string(),
  /** `waiting`: still being fetched from the provider. `failed`: it can't be had; the reason is on the record. */
  status: z.enum(['waiting', 'stored', 'failed']),
});
export type MessageMedia = z.infer<typeof messageMediaSchema>;

export const messageSchema = z.object({
  id: z.uuid(),
  conversationId: z.uuid(),
  direction: z.enum(['inbound', 'outbound']),
  status: messageStatusSchema,
  from: z.string(),
  to: z.string(),
  body: z.string(),
  /** The provider's addresses of what came in, or those that were given to be sent. */
  mediaUrls: z.array(z.string()),
  /** What came in, at addresses of ours; empty for texts that went out. */
  media: z.array(messageMediaSchema),
  segments: z.int(),
  encoding: encodingSchema,
  priority: prioritySchema,
  hold: holdSchema.nullable(),
  providerSid: z.string().nullable(),
  errorCode: z.string().nullable(),
  errorMessage: z.string().nullable(),
  attempts: z.int(),
  /** Who wrote it: `contact` (inbound), `api`, `assistant`, `person`, `device`. */
  author: z.enum(['contact', 'api', 'assistant', 'person', 'device']),
  /** Set on each part of a text that was too long for one message: which of how many. */
  part: z.object({ index: z.int(), count: z.int() }).nullable(),
  sendAt: z.iso.datetime().nullable(),
  expiresAt: z.iso.datetime().nullable(),
  metadata: z.record(z.string(), z.unknown()),
  createdAt: z.iso.datetime(),
  sentAt: z.iso.datetime().nullable(),
  deliveredAt: z.iso.datetime().nullable(),
});
export type Message = z.infer<typeof messageSchema>;

export const messageRecordSchema = messageSchema.extend({ steps: z.array(stepSchema) });
export type MessageRecord = z.infer<typeof messageRecordSchema>;

/** Body of POST /v1/messages. One of `to` and `conversationId` is required, and one of `body` and `mediaUrls`. */
export const newMessageSchema = z.strictObject({
  to: z.string().min(1).max(64).optional(),
  from: z.string().min(1).max(64).optional(),
  body: z.string().max(16_000).optional(),
  mediaUrls: z
    .array(z.url({ protocol: /^https?$/ }).max(2048))
    .max(10)
    .optional(),
  conversationId: z.uuid().optional(),
  priority: prioritySchema.optional(),
  sendAt: z.iso.datetime({ offset: true }).optional(),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
  metadata: z.record(z.string().max(64), z.unknown()).optional(),
});
export type NewMessage = z.infer<typeof newMessageSchema>;

/** 202 of POST /v1/messages: the message, and when a long text was split, all its parts in order (the first is the message itself). */
export const acceptedMessageSchema = messageSchema.extend({ partIds: z.array(z.uuid()) });
export type AcceptedMessage = z.infer<typeof acceptedMessageSchema>;
