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

/** A text on a virtual phone's screen, either way: `in` arrived there, `out` was typed there. */
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
  media: z
    .array(z.strictObject({ contentType: z.string(), base64: z.string() }))
    .max(10)
    .default([]),
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
  /** `outbound-reply` for what a webhook answered with TwiML. */
  direction: z.enum(['outbound-api', 'outbound-reply']),
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

/** Answer of POST /simulator/phones/{number}/messages?wait=webhook, given when the webhook's attempts have ended. */
export const phoneMessageWithWebhookSchema = phoneMessageSchema.extend({
  /** The last HTTP status (null: no answer) and how many attempts there were; null when no URL is configured. */
  webhook: z.object({ status: z.number().nullable(), attempts: z.int() }).nullable(),
});
export type PhoneMessageWithWebhook = z.infer<typeof phoneMessageWithWebhookSchema>;

/** A fault as POST and GET /simulator/faults answer it: with its id, and how often it applied. */
export type FaultWithUse = z.output<typeof faultSchema> & { id: string; used: number };

/** Body of POST /simulator/webhooks/replay: sends the inbound webhooks of these messages again, signed anew. */
export const replaySchema = z.strictObject({
  messageSid: z.union([z.string(), z.array(z.string()).min(1)]),
  /** How often each. */
  times: z.int().min(1).max(100).default(1),
  /** All at once and in random order, instead of one after the other. */
  shuffle: z.boolean().default(false),
});
export type Replay = z.input<typeof replaySchema>;

/** Body of POST /simulator/reset. Traffic, phones, blocks, faults and the ledger always go. */
export const resetSchema = z.strictObject({
  /** Accounts, numbers, services and settings as well. */
  everything: z.boolean().default(false),
});

/** Body of POST /simulator/clock: the simulator's clock moves forward, and what falls due happens. */
export const clockSchema = z.strictObject({
  advanceMs: z
    .int()
    .min(0)
    .max(400 * 86_400_000),
});

const sid = (kind: string) => z.string().regex(new RegExp(`^${kind}[0-9a-f]{32}$`, 'i'));

/** Body of POST /simulator/accounts: one more account. Answers 201 with a SimulatedAccount. */
export const newAccountSchema = z.strictObject({
  accountSid: sid('AC').optional(),
  authToken: z.string().min(1).optional(),
  secondaryAuthToken: z.string().min(1).nullable().default(null),
  friendlyName: z.string().default('Simulated account'),
  apiKeys: z.array(z.strictObject({ sid: sid('SK'), secret: z.string().min(1) })).default([]),
  /** A trial account texts its verified numbers only (21608). */
  trial: z.boolean().default(false),
  verifiedNumbers: z.array(z.string()).default([]),
});
export type NewAccount = z.input<typeof newAccountSchema>;
export type SimulatedAccount = Required<z.output<typeof newAccountSchema>>;

/** Body of PUT /simulator/accounts/{sid}; POST /simulator/accounts/{sid}/promote makes it the primary. */
export const secondaryTokenSchema = z.strictObject({ secondaryAuthToken: z.string().min(1).nullable() });
