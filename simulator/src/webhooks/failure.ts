import type { Retry } from './overrides.ts';

/** What went wrong with an attempt: Twilio's code, a sentence, and which retry policy covers it. */
export interface Failure {
  code: number;
  error: string;
  retry: Retry | null;
}

const byErrno: Record<string, [code: number, sentence: string]> = {
  UND_ERR_CONNECT_TIMEOUT: [11201, 'TCP connection timed out'],
  ECONNREFUSED: [11202, 'TCP connection refused'],
  ENOTFOUND: [11210, 'Bad host name'],
  EAI_AGAIN: [11210, 'Bad host name'],
  ERR_TLS_CERT_ALTNAME_INVALID: [11235, 'Certificate name mismatch'],
  CERT_HAS_EXPIRED: [11236, 'Certificate expired'],
  DEPTH_ZERO_SELF_SIGNED_CERT: [11237, 'Certificate chain not trusted'],
  SELF_SIGNED_CERT_IN_CHAIN: [11237, 'Certificate chain not trusted'],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [11237, 'Certificate chain not trusted'],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [11237, 'Certificate chain not trusted'],
  EPROTO: [11220, 'TLS handshake failed'],
};

/** Returns the failure behind an error that undici threw. */
export function failureOf(thrown: unknown): Failure {
  const error = thrown as { code?: unknown; cause?: { code?: unknown }; errors?: { code?: unknown }[] };
  const errno = String(error.code ?? error.cause?.code ?? error.errors?.[0]?.code ?? '');
  if (errno === 'UND_ERR_HEADERS_TIMEOUT' || errno === 'UND_ERR_BODY_TIMEOUT') return readTimeout;
  if (errno.startsWith('HPE_')) return { code: 11206, error: 'HTTP protocol violation', retry: null };
  const known = byErrno[errno];
  if (known) return { code: known[0], error: known[1], retry: 'ct' };
  return { code: 11205, error: `HTTP connection failure${errno ? ` (${errno})` : ''}`, retry: 'ct' };
}

/** Nothing came in time. */
export const readTimeout: Failure = { code: 11203, error: 'Read timed out', retry: 'rt' };

/** Returns the failure in an HTTP status, or null when it is none. */
export function failureOfStatus(status: number): Failure | null {
  if (status < 400) return null;
  return { code: 11200, error: `Got HTTP ${status} response`, retry: status < 500 ? '4xx' : '5xx' };
}
