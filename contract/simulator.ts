import { z } from 'zod';

/**
 * The control API of the simulator (our local Twilio), under /simulator. The Twilio API itself is under /2010-04-01 and /v1.
 * These are the accounts it starts with, so that server, tests and curl lines agree without a setting.
 */
export const demoAccount = {
  accountSid: `AC${'d'.repeat(32)}`,
  authToken: '5ec4e7'.padEnd(32, '0'),
  apiKeySid: `SK${'d'.repeat(32)}`,
  apiKeySecret: 'simulator-api-key-secret',
} as const;

/** A virtual phone: a person's handset with a number of its own. */
export const phoneSchema = z.object({ number: z.string(), label: z.string() });
export type Phone = z.infer<typeof phoneSchema>;

/** A text on a virtual phone's screen, either way. `status` is Twilio's word for it. */
export const phoneMessageSchema = z.object({
  sid: z.string(),
  direction: z.enum(['in', 'out']),
  /** The number at the other end. */
  peer: z.string(),
  body: z.string(),
  mediaUrls: z.array(z.string()),
  at: z.iso.datetime(),
});
export type PhoneMessage = z.infer<typeof phoneMessageSchema>;

/** Body of POST /simulator/phones/{number}/messages: the phone texts `to`. Answers 201 with the PhoneMessage. */
export const phoneTextSchema = z.strictObject({
  to: z.string(),
  body: z.string().max(1600).default(''),
  /** Pictures it attaches: content type and the bytes in base64. */
  media: z.array(z.strictObject({ contentType: z.string(), base64: z.string() })).max(10).default([]),
});
export type PhoneText = z.input<typeof phoneTextSchema>;

/** One message the simulator accepted through its API: what really left the house. Never deleted but by reset. */
export const ledgerEntrySchema = z.object({
  sid: z.string(),
  accountSid: z.string(),
  from: z.string().nullable(),
  to: z.string(),
  body: z.string(),
  mediaUrls: z.array(z.string()),
  status: z.string(),
  errorCode: z.number().nullable(),
  segments: z.int(),
  statusCallback: z.string().nullable(),
  acceptedAt: z.iso.datetime(),
});
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;

/**
 * A fault: which requests or callbacks it meets, what it does, how often. Faults are tried in the order they were set;
 * the first that matches and is not used up applies.
 */
export const faultSchema = z.strictObject({
  /** Where it applies: an API request to us, or a webhook we make. */
  on: z.enum(['create', 'list', 'fetch', 'request', 'inbound', 'status']).default('create'),
  match: z
    .strictObject({
      to: z.string().optional(),
      from: z.string().optional(),
      bodyIncludes: z.string().optional(),
      /** For `status`: only callbacks with this MessageStatus. */
      status: z.string().optional(),
    })
    .default({}),
  effect: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('latency'), ms: z.int().min(0).max(120_000) }),
    /** Answers with this HTTP status and Twilio error code; `accept`: the message is taken all the same. */
    z.strictObject({
      kind: z.literal('error'),
      status: z.int().min(400).max(599),
      code: z.int().optional(),
      accept: z.boolean().default(false),
      retryAfterSeconds: z.int().optional(),
    }),
    /** Takes the message (or not), then never answers: the caller runs into its time limit. */
    z.strictObject({ kind: z.literal('timeout'), accept: z.boolean().default(true) }),
    /** Takes the message (or not), then resets the connection. */
    z.strictObject({ kind: z.literal('reset'), accept: z.boolean().default(false) }),
    /** For webhooks: never sent. */
    z.strictObject({ kind: z.literal('drop') }),
    /** For webhooks: sent this many times in all. */
    z.strictObject({ kind: z.literal('repeat'), times: z.int().min(2).max(10) }),
    /** For webhooks: sent after a random delay up to `ms`, so that they overtake one another. */
    z.strictObject({ kind: z.literal('shuffle'), ms: z.int().min(1).max(60_000) }),
    /** For `status`: every callback is sent before the create call is answered. */
    z.strictObject({ kind: z.literal('early') }),
    /** The message ends undelivered or failed with this code. */
    z.strictObject({
      kind: z.literal('outcome'),
      status: z.enum(['sent', 'delivered', 'undelivered', 'failed']),
      code: z.int().optional(),
    }),
  ]),
  /** How many times it applies; unset: until removed. */
  times: z.int().min(1).optional(),
  /** Chance of applying to a match, 0 to 1. */
  probability: z.number().min(0).max(1).default(1),
});
export type Fault = z.input<typeof faultSchema>;

/** PUT /simulator/settings: how fast the network is. All optional; GET answers them all. */
export const simulatorSettingsSchema = z.strictObject({
  /** From queued to sent, milliseconds. */
  sentAfterMs: z.int().min(0).default(150),
  /** From sent to delivered, milliseconds. */
  deliveredAfterMs: z.int().min(0).default(350),
  /** Pace of each sender in segments per second; 0: as fast as it comes. */
  segmentsPerSecond: z.number().min(0).default(0),
  /** Segments a sender may have waiting before 21611. */
  queueLimitSegments: z.int().min(1).default(36_000),
  /** Requests under way at once before 20429; 0: no limit. */
  concurrentRequests: z.int().min(0).default(0),
  /** Twilio's own STOP, START and HELP answers. */
  keywordReplies: z.boolean().default(true),
});
export type SimulatorSettings = z.infer<typeof simulatorSettingsSchema>;

/** One webhook attempt the simulator made, as Twilio's debugger would show it. */
export const webhookAttemptSchema = z.object({
  at: z.iso.datetime(),
  kind: z.enum(['inbound', 'status', 'fallback']),
  url: z.string(),
  messageSid: z.string(),
  attempt: z.int(),
  status: z.number().nullable(),
  /** Twilio's code for what was wrong with the answer (11200, 12100, 12300 …), or null. */
  errorCode: z.number().nullable(),
  error: z.string().nullable(),
  durationMs: z.number(),
});
export type WebhookAttempt = z.infer<typeof webhookAttemptSchema>;
