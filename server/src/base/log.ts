import { pino } from 'pino';

export type Log = {
  debug(fields: Record<string, unknown>, text: string): void;
  info(fields: Record<string, unknown>, text: string): void;
  warn(fields: Record<string, unknown>, text: string): void;
  error(fields: Record<string, unknown>, text: string): void;
};

/** Fields that hold a person's data or a secret: never printed, whoever puts them in. */
const redacted = [
  'from',
  'to',
  'body',
  'phoneNumber',
  'contact',
  'text',
  'authorization',
  'token',
  'key',
  'password',
];

// A phone number anywhere in a line, as it is or encoded in an address: kept are the first digits and the last two.
const number = /(\+|%2B)(\d\d)\d{3,11}(\d\d)\b/gi;
const mask = (value: string) => value.replace(number, '$1$2…$3');

const safeError = (error: unknown) =>
  error instanceof Error
    ? {
        name: error.name,
        message: mask(error.message),
        code: (error as { code?: unknown }).code,
        stack: mask(error.stack ?? ''),
      }
    : mask(String(error));

/**
 * JSON lines on standard output. Numbers and texts are redacted at every level but debug; an `error` field is reduced to name,
 * message, code and stack (driver errors carry the row's values in `detail`, HTTP errors the request with its credentials).
 */
export const createLog = (
  level: 'debug' | 'info' | 'warn' | 'error' | 'silent',
  destination?: { write(line: string): void },
): Log => {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { error: safeError },
    ...(level === 'debug'
      ? {}
      : {
          redact: { paths: redacted.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
          hooks: { streamWrite: mask },
        }),
  };
  return destination ? pino(options, destination) : pino(options);
};

/** Says nothing: for tests and tools. */
export const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };
