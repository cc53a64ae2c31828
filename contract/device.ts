import { z } from 'zod';

/**
 * The protocol of devices: boxes behind any router that connect to us. A device authenticates with its token (`Authorization: Bearer
 * td_…`) and reaches only what is its own. Texts are leased to it, and stay its own until it acks them.
 *
 *   GET  /v1/device/stream            SSE: `event: text`, `id: <cursor>`, `data: DeviceText`; resumes from Last-Event-ID
 *   GET  /v1/device/texts?cursor=&wait=   long-poll: waits up to `wait` seconds (0 to 60) for the first text
 *   POST /v1/device/texts/{id}/ack    it is done: never offered again. Answers 200 also the second time
 *   POST /v1/device/texts/{id}/nack   it failed: offered again after a growing delay, then a dead letter with the reason
 *   POST /v1/device/heartbeat         I am here (streams and polls say so too)
 *   POST /v1/device/messages          a reply or a text of its own: goes through the one door out
 *   POST /v1/device/devices/{name}/texts   a text to another device of the organization, without the phone network
 */

/** A text as a device gets it. */
export const deviceTextSchema = z.object({
  id: z.uuid(),
  /** The message it came from; null for a text from another device. */
  messageId: z.uuid().nullable(),
  conversationId: z.uuid().nullable(),
  /** The phone number it came from, or the name of the device. */
  from: z.string(),
  /** Our number it was sent to, or the name of this device. */
  to: z.string(),
  body: z.string(),
  /** Pictures and other media, fetched from us without credentials of the provider; the addresses expire. */
  media: z.array(z.object({ url: z.string(), contentType: z.string() })),
  /** 1 the first time; higher: it was offered before and never acked, so it may have been handled already. */
  attempt: z.int(),
  receivedAt: z.iso.datetime(),
  /** Ack before then, or it is offered again. */
  leaseUntil: z.iso.datetime(),
});
export type DeviceText = z.infer<typeof deviceTextSchema>;

/** Answer of the long-poll. `cursor` goes into the next one. */
export const deviceTextsSchema = z.object({ data: z.array(deviceTextSchema), cursor: z.string() });
export type DeviceTexts = z.infer<typeof deviceTextsSchema>;

/** Body of POST …/nack. */
export const nackSchema = z.strictObject({ reason: z.string().max(500).default('') });

/**
 * Body of POST /v1/device/messages: `to` a phone number, or `textId` to answer that text. `from`: one of the device's own numbers, its
 * first unless told.
 */
export const deviceMessageSchema = z.strictObject({
  from: z.string().max(64).optional(),
  to: z.string().max(64).optional(),
  textId: z.uuid().optional(),
  body: z.string().max(16_000).optional(),
  mediaUrls: z
    .array(z.url({ protocol: /^https?$/ }).max(2048))
    .max(10)
    .optional(),
});
export type DeviceMessage = z.infer<typeof deviceMessageSchema>;

/** Body of POST /v1/device/devices/{name}/texts. */
export const deviceToDeviceSchema = z.strictObject({ body: z.string().min(1).max(16_000) });

/** A device as the console and the API show it. */
export const deviceSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  numbers: z.array(z.object({ id: z.uuid(), phoneNumber: z.string() })),
  /** `token`: the protocol above. `open`: an old client without a token, on a number that is open to it. */
  access: z.enum(['token', 'open']),
  online: z.boolean(),
  lastSeenAt: z.iso.datetime().nullable(),
  /** Waiting or leased, not yet acked. */
  pending: z.int(),
  /** As many as DEVICE_QUEUE_LIMIT or more wait for it. They are kept all the same. */
  overLimit: z.boolean(),
  dead: z.int(),
  lastTakenAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
});
export type Device = z.infer<typeof deviceSchema>;

/**
 * Body of POST /v1/devices: pairs a device in one step: from now on it gets the texts to these numbers. Answers 201 with the device and
 * its token, shown this once.
 */
export const newDeviceSchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  numberIds: z.array(z.uuid()).max(100),
});
export const pairedDeviceSchema = deviceSchema.extend({ token: z.string() });
export type PairedDevice = z.infer<typeof pairedDeviceSchema>;

/** Body of PATCH /v1/devices/{id}. */
export const changeDeviceSchema = z.strictObject({
  name: z.string().trim().min(1).max(100).optional(),
  numberIds: z.array(z.uuid()).max(100).optional(),
});

/** Answer of POST /v1/devices/{id}/token: a new token, shown this once. Those before it work until its first use, or 10 minutes. */
export const deviceTokenSchema = z.object({ token: z.string() });

/** Body of POST /v1/devices/{id}/replay: the dead letters to offer anew; unset: all. Answers how many. */
export const replaySchema = z.strictObject({ textIds: z.array(z.uuid()).max(1000).optional() });
export const replayedSchema = z.object({ replayed: z.int() });

/** Answer of ack, nack and heartbeat. */
export const textStatusSchema = z.object({ status: z.enum(['waiting', 'leased', 'taken', 'dead']) });

/** A text that no attempt could deliver, or one that waits: GET /v1/devices/{id}/texts?status=. */
export const deviceQueueEntrySchema = z.object({
  id: z.uuid(),
  messageId: z.uuid().nullable(),
  from: z.string(),
  body: z.string(),
  status: z.enum(['waiting', 'leased', 'taken', 'dead']),
  attempts: z.int(),
  reason: z.string().nullable(),
  createdAt: z.iso.datetime(),
  takenAt: z.iso.datetime().nullable(),
});
export type DeviceQueueEntry = z.infer<typeof deviceQueueEntrySchema>;
