import path from 'node:path';
import { CannotStart } from './errors.ts';
import { parsePhone } from './phone.ts';

type Setting<T> = {
  /** Turns the text into the value, or throws an Error whose message completes "NAME …". */
  parse(text: string): T;
  /** Used when the variable is unset or empty; a function sees the values read before it. */
  default: T;
  unit?: string;
  secret?: true;
  /** What it does, for the reference page. */
  sentence: string;
};

const setting = <T>(one: Setting<T>) => one;

const text = (value: string) => value;
const optional = text as (value: string) => string | null;
const integer = (min: number, max: number) => (value: string) => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < min || number > max)
    throw new Error(`must be a whole number from ${min} to ${max}`);
  return number;
};
const oneOf =
  <const T extends string>(...words: T[]) =>
  (value: string): T => {
    if (!(words as string[]).includes(value)) throw new Error(`must be one of ${words.join(', ')}`);
    return value as T;
  };
const list = (value: string) =>
  value
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);
const phoneNumbers = (value: string) =>
  list(value).map((one) => {
    const parsed = parsePhone(one);
    if (!parsed.ok) throw new Error('must be phone numbers like +12025551234, separated by commas');
    return parsed.e164;
  });
const url = (value: string): string | null => {
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol))
    throw new Error('must be an http or https address');
  return value.replace(/\/+$/, '');
};
const matching =
  (pattern: RegExp, shape: string) =>
  (value: string): string | null => {
    if (!pattern.test(value)) throw new Error(`must be ${shape}`);
    return value;
  };
const roles = (value: string): ('web' | 'worker')[] => list(value).map(oneOf('web', 'worker'));

/** Every setting, written once: the type, the default, the unit and the reference page come from here. */
export const settings = {
  PORT: setting({
    parse: integer(0, 65_535),
    default: 8080,
    sentence: 'The port of the console, the API and the webhooks.',
  }),
  HOST: setting({
    parse: optional,
    default: null,
    sentence:
      'The address to listen on. Unset: loopback only in demo mode, all interfaces with real credentials. Demo mode refuses anything but loopback.',
  }),
  PUBLIC_URL: setting({
    parse: url,
    default: null,
    sentence:
      'The address the provider and browsers reach this server at; webhook signatures are checked over it. Unset: http://127.0.0.1 and the port. Required with real credentials.',
  }),
  DATA_DIR: setting({
    parse: text,
    default: './data',
    sentence: 'Where the embedded PostgreSQL and the generated secrets live.',
  }),
  DATABASE_URL: setting({
    parse: matching(/^postgres(ql)?:\/\//, 'a postgres:// address'),
    default: null,
    secret: true,
    sentence: 'The PostgreSQL to use. Unset: an embedded one in DATA_DIR.',
  }),
  DATABASE_CONNECTIONS: setting({
    parse: integer(2, 500),
    default: 16,
    unit: 'connections',
    sentence: 'Size of the connection pool of each process.',
  }),
  ADMIN_TOKEN: setting({
    parse: matching(/^.{16,}$/, 'at least 16 characters'),
    default: null,
    secret: true,
    sentence: 'Bearer token for everything. Unset: generated once and kept in DATA_DIR/admin-token.',
  }),
  SECRET_KEY: setting({
    parse: matching(/^.{32,}$/, 'at least 32 characters'),
    default: null,
    secret: true,
    sentence:
      'Encrypts stored provider credentials and signs sessions. Unset: generated once and kept in DATA_DIR/secret-key.',
  }),
  ROLES: setting({
    parse: roles,
    default: ['web', 'worker'] as ('web' | 'worker')[],
    sentence: 'What this process does: web (console, API, webhooks), worker (sending, turns), or both.',
  }),
  TWILIO_ACCOUNT_SID: setting({
    parse: matching(/^AC[0-9a-f]{32}$/, 'AC and 32 lower-case hexadecimal digits'),
    default: null,
    sentence: 'The Twilio account. Unset: demo mode, against the simulator.',
  }),
  TWILIO_AUTH_TOKEN: setting({
    parse: list,
    default: [] as string[],
    secret: true,
    sentence:
      'The auth token; a comma-separated list while rotating: the first is used for calls, all of them verify webhooks.',
  }),
  TWILIO_PHONE_NUMBER: setting({
    parse: matching(/^\+[1-9]\d{7,14}$/, 'a phone number like +14155550100'),
    default: null,
    sentence: "The first organization's first number, in demo mode too.",
  }),
  TWILIO_MESSAGING_SERVICE_SID: setting({
    parse: matching(/^MG[0-9a-f]{32}$/, 'MG and 32 lower-case hexadecimal digits'),
    default: null,
    sentence: 'Send through this Messaging Service.',
  }),
  TWILIO_STATUS_CALLBACK_URL: setting({
    parse: url,
    default: null,
    sentence: 'Where delivery receipts go. Unset: PUBLIC_URL/webhooks/twilio/status.',
  }),
  TWILIO_API_URL: setting({
    parse: url,
    default: null,
    sentence:
      "Twilio's API. Unset: https://api.twilio.com, or the simulator in demo mode. Set in demo mode: a simulator that already runs there.",
  }),
  SIMULATOR_PORT: setting({
    parse: integer(1, 65_535),
    default: 8081,
    sentence: 'The port of the simulator that demo mode starts.',
  }),
  OPENAI_API_KEY: setting({
    parse: optional,
    default: null,
    secret: true,
    sentence: 'Lets OpenAI models answer; also sent to LLM_BASE_URL.',
  }),
  ANTHROPIC_API_KEY: setting({
    parse: optional,
    default: null,
    secret: true,
    sentence: 'Lets Anthropic models answer.',
  }),
  LLM_BASE_URL: setting({
    parse: url,
    default: null,
    sentence: 'An OpenAI-compatible server, such as a local one.',
  }),
  LLM_MODEL: setting({
    parse: optional,
    default: null,
    sentence:
      'The model new assistants use, as provider/model. Unset: a small one of the configured provider.',
  }),
  TURN_TIMEOUT_SECONDS: setting({
    parse: integer(1, 600),
    default: 60,
    unit: 'seconds',
    sentence: 'How long a model may take for one answer.',
  }),
  TURN_ATTEMPTS: setting({
    parse: integer(1, 10),
    default: 3,
    sentence: 'How often a failing or slow model is asked before the polite text goes out instead.',
  }),
  LONG_TEXTS: setting({
    parse: oneOf('split', 'refuse'),
    default: 'split' as 'split' | 'refuse',
    sentence:
      'What happens to a text over 1,600 characters: split into several messages at sentence ends, or refused with 400. Never cut.',
  }),
  SEND_CONCURRENCY: setting({
    parse: integer(1, 2000),
    default: 64,
    unit: 'requests',
    sentence: 'How many requests to the provider one worker process has under way at once.',
  }),
  SEND_ATTEMPTS: setting({
    parse: integer(1, 50),
    default: 6,
    sentence: 'How often a message that was certainly not taken is tried in all.',
  }),
  SEND_BACKOFF_SECONDS: setting({
    parse: integer(1, 3600),
    default: 2,
    unit: 'seconds',
    sentence: 'Wait before the second attempt; doubled for each further one, with jitter, up to ten minutes.',
  }),
  SEND_LEASE_SECONDS: setting({
    parse: integer(2, 600),
    default: 60,
    unit: 'seconds',
    sentence:
      'How long a worker may hold a claimed message or turn before others believe it dead. Longer than the longest provider call.',
  }),
  UNKNOWN_GRACE_SECONDS: setting({
    parse: integer(0, 3600),
    default: 10,
    unit: 'seconds',
    sentence:
      "After an unclear answer, how long to wait for the receipt before looking the message up in the provider's list; twice as long before the second, deciding look.",
  }),
  DEVICE_ONLINE_SECONDS: setting({
    parse: integer(1, 86_400),
    default: 600,
    unit: 'seconds',
    sentence: 'A device counts as online for this long after it was last heard of.',
  }),
  DEVICE_QUEUE_LIMIT: setting({
    parse: integer(1, 1_000_000),
    default: 1000,
    unit: 'texts',
    sentence:
      'From this many texts that wait for one device on, the console and an event say so. Texts of phones are queued all the same; those of other devices are refused.',
  }),
  RELAY_OPEN_NUMBERS: setting({
    parse: phoneNumbers,
    default: [] as string[],
    sentence:
      'Numbers that old relay clients, which know no token, may register, poll and see, a comma-separated list: whoever knows such a number can read its texts. In demo mode everything is open to this machine.',
  }),
  DEVICE_LEASE_SECONDS: setting({
    parse: integer(1, 3600),
    default: 60,
    unit: 'seconds',
    sentence: 'How long a device may take to ack a text before it is offered again.',
  }),
  DEVICE_ATTEMPTS: setting({
    parse: integer(1, 1000),
    default: 20,
    sentence:
      'How often a text may fail at a device (a nack, or no ack in time) before it is a dead letter. A connection that broke off is no failure.',
  }),
  MEDIA_MAX_BYTES: setting({
    parse: integer(1024, 104_857_600),
    default: 20_971_520,
    unit: 'bytes',
    sentence:
      'Pictures and other media of incoming texts that are larger are not fetched; the record says so.',
  }),
  MEDIA_ATTEMPTS: setting({
    parse: integer(1, 50),
    default: 10,
    sentence:
      'How often a medium that could not be fetched is tried in all; the wait doubles from one second up to ten minutes.',
  }),
  MEDIA_TIMEOUT_SECONDS: setting({
    parse: integer(1, 600),
    default: 60,
    unit: 'seconds',
    sentence: 'How long fetching one medium from the provider may take.',
  }),
  MEDIA_URL_SECONDS: setting({
    parse: integer(1, 604_800),
    default: 86_400,
    unit: 'seconds',
    sentence:
      'How long the address at which a device or a browser fetches a medium is good, at least; a quarter longer at most. Getting the text again gives a fresh one.',
  }),
  MEDIA_DELETE_AT_PROVIDER: setting({
    parse: oneOf('on', 'off'),
    default: 'off' as 'on' | 'off',
    sentence: 'Whether a medium is deleted at the provider once it is stored here.',
  }),
  S3_BUCKET: setting({
    parse: optional,
    default: null,
    sentence:
      'The S3 bucket that media are kept in. Unset: DATA_DIR/media, which all processes must share. Those stored before it was set are read where they are.',
  }),
  S3_REGION: setting({
    parse: text,
    default: 'us-east-1',
    sentence: 'The region of the bucket.',
  }),
  S3_ENDPOINT: setting({
    parse: url,
    default: null,
    sentence: "Another server that speaks S3 (MinIO, R2, …). Unset: Amazon's.",
  }),
  S3_ACCESS_KEY_ID: setting({
    parse: optional,
    default: null,
    sentence: 'Who reads and writes the bucket. Required with S3_BUCKET.',
  }),
  S3_SECRET_ACCESS_KEY: setting({
    parse: optional,
    default: null,
    secret: true,
    sentence: 'The secret of S3_ACCESS_KEY_ID.',
  }),
  LOG_LEVEL: setting({
    parse: oneOf('debug', 'info', 'warn', 'error', 'silent'),
    default: 'info' as 'debug' | 'info' | 'warn' | 'error' | 'silent',
    sentence: 'How much is logged. Numbers and texts are redacted at every level but debug.',
  }),
};

type Values = { [Name in keyof typeof settings]: (typeof settings)[Name]['default'] };

/** The settings as read, with what follows from them. */
export type Config = Values & {
  /** No TWILIO_ACCOUNT_SID: against the simulator, open to loopback. */
  demo: boolean;
  publicUrl: string;
  host: string;
  dataDir: string;
  /** The bucket that media are kept in; null: DATA_DIR/media. */
  s3: {
    bucket: string;
    region: string;
    endpoint: string | null;
    accessKeyId: string;
    secretAccessKey: string;
  } | null;
};

/** All that is wrong with the settings, found at once. */
export class BadSettings extends CannotStart {
  readonly problems: string[];
  constructor(problems: string[]) {
    super(`The settings can't be used:\n${problems.map((one) => `  - ${one}`).join('\n')}`);
    this.problems = problems;
  }
}

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * Reads every setting from an environment.
 * @throws BadSettings that lists every problem, without the value of a secret.
 */
export const readConfig = (environment: Record<string, string | undefined> = process.env): Config => {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(settings) as [string, Setting<unknown>][]) {
    const given = environment[name]?.trim();
    if (given === undefined || given === '') {
      values[name] = one.default;
      continue;
    }
    try {
      values[name] = one.parse(given);
    } catch (error) {
      problems.push(`${name} ${(error as Error).message}${one.secret ? '' : `, not "${given}"`}.`);
    }
  }
  const read = values as Values;
  const demo = !environment.TWILIO_ACCOUNT_SID?.trim();
  if (!demo && read.TWILIO_AUTH_TOKEN?.length === 0)
    problems.push('TWILIO_AUTH_TOKEN is required with TWILIO_ACCOUNT_SID.');
  if (!demo && read.PUBLIC_URL === null && !problems.some((one) => one.startsWith('PUBLIC_URL')))
    problems.push('PUBLIC_URL is required with TWILIO_ACCOUNT_SID: webhook signatures are checked over it.');
  if (demo && read.HOST && !loopback.has(read.HOST))
    problems.push(
      'HOST must be a loopback address in demo mode, which accepts unsigned webhooks. Set TWILIO_ACCOUNT_SID to open it to a network.',
    );
  if (read.S3_BUCKET && !(read.S3_ACCESS_KEY_ID && read.S3_SECRET_ACCESS_KEY))
    problems.push('S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY are required with S3_BUCKET.');
  if (read.ROLES?.length === 0) problems.push('ROLES must name web, worker or both.');
  if (problems.length > 0) throw new BadSettings(problems);
  return {
    ...read,
    demo,
    publicUrl: read.PUBLIC_URL ?? `http://127.0.0.1:${read.PORT}`,
    host: read.HOST ?? (demo ? '127.0.0.1' : '0.0.0.0'),
    dataDir: path.resolve(read.DATA_DIR),
    s3: read.S3_BUCKET
      ? {
          bucket: read.S3_BUCKET,
          region: read.S3_REGION,
          endpoint: read.S3_ENDPOINT,
          accessKeyId: read.S3_ACCESS_KEY_ID!,
          secretAccessKey: read.S3_SECRET_ACCESS_KEY!,
        }
      : null,
  };
};
