import type { Exchange } from '../wire.ts';

type Answer = Extract<Exchange, { kind: 'answered' }>;

/** A JSON object of an answer's body; null when the body is none or didn't arrive whole. */
export function readObject(body: string | null): Record<string, unknown> | null {
  if (body === null) return null;
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** Twilio's error code as text; null when there is none. */
export function readCode(value: unknown): string | null {
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return String(value);
  if (typeof value === 'string' && /^[1-9][0-9]{0,6}$/.test(value)) return value;
  return null;
}

const longestWaitMs = 24 * 3_600_000;

/**
 * Milliseconds of a Retry-After header, at most a day; null when there is none (RFC 9110, 10.2.3). A date is taken against the
 * answer's own Date, so that the two clocks need not agree.
 */
export function readRetryAfter(headers: Answer['headers']): number | null {
  const value = headers['retry-after'];
  if (typeof value !== 'string') return null;
  const ms = /^[0-9]{1,9}$/.test(value.trim())
    ? Number(value) * 1000
    : readDate(value) - readDate(headers.date);
  return Number.isFinite(ms) ? Math.max(0, Math.min(longestWaitMs, ms)) : null;
}

/** Milliseconds of an HTTP date; NaN when it is none. Date.parse alone would make something of any number. */
function readDate(value: unknown): number {
  return typeof value === 'string' && value.endsWith(' GMT') ? Date.parse(value) : Number.NaN;
}
