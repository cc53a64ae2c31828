import type { IncomingMessage, ServerResponse } from 'node:http';
import type { World } from '../world.ts';

/** A request to the control API, its body parsed. */
export interface ControlRequest {
  world: World;
  method: string;
  /** The parts of the path below /simulator, decoded. */
  parts: string[];
  query: URLSearchParams;
  body: unknown;
  raw: IncomingMessage;
  response: ServerResponse;
}

/** What it answers: JSON with a status; null when the handler answered by itself. */
export type ControlAnswer = { status: number; json?: unknown } | null;

/** An error in the form of RFC 9457, with a stable code and a sentence. */
export function problem(status: number, code: string, detail: string): ControlAnswer {
  return { status, json: { type: 'about:blank', title: code, status, code, detail } };
}

/** The answer to a path or method the control API does not have. */
export const nothingHere = problem(404, 'not_found', 'The control API has nothing at this path.');

/** A list as all of ours are written. */
export function list(data: unknown[], nextCursor: string | null = null): ControlAnswer {
  return { status: 200, json: { data, nextCursor } };
}
