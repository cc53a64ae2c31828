import type { Effect } from '../faults.ts';
import { type Reply, refuse } from './reply.ts';

const words: Record<number, [code: number, message: string]> = {
  400: [20001, 'Bad request'],
  401: [20003, 'Authenticate'],
  403: [20403, 'Forbidden'],
  404: [20404, 'The requested resource was not found'],
  409: [20409, 'Conflict'],
  429: [20429, 'Too Many Requests'],
  500: [20500, 'An internal server error has occurred'],
  503: [20503, 'Service is unavailable. Please try again'],
};

/** The answer of an `error` fault. Without a code, 502 and 504 come as a gateway's page, which is not JSON. */
export function faultReply(effect: Extract<Effect, { kind: 'error' }>): Reply {
  const headers: Record<string, string> = {};
  if (effect.retryAfterSeconds !== undefined) headers['retry-after'] = String(effect.retryAfterSeconds);
  const known = words[effect.status];
  if (effect.code === undefined && !known) {
    headers['content-type'] = 'text/html';
    return {
      status: effect.status,
      headers,
      body: `<html><body><h1>${effect.status}</h1></body></html>`,
    };
  }
  const code = effect.code ?? known?.[0] ?? 20500;
  return { ...refuse(effect.status, code, known?.[1] ?? 'Error'), headers };
}
