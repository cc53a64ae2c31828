import type { z } from 'zod';
import type { DevicePrincipal } from './auth/identify-device.ts';
import type { Principal, Who } from './auth/principal.ts';

/** What a handler answers: a status with JSON, nothing (204), or a Response of its own making (streams). */
export type Reply = { status: number; body?: unknown; headers?: Record<string, string> } | Response;

type Of<T extends z.ZodType | undefined> = T extends z.ZodType ? z.infer<T> : undefined;

export type Asked<B, Q> = {
  /** Who asks; null where `who` is `public` or `device`. */
  principal: Principal;
  /** Which device asks; null but where `who` is `device`. */
  device: DevicePrincipal;
  /** The id in the path, checked to be one. */
  id: string;
  /** The name in the path, decoded. */
  name: string;
  body: B;
  query: Q;
  request: Request;
  /** Aborted when the caller goes away. */
  signal: AbortSignal;
};

/** One row of the table: method, path, who may, what it takes and answers, and the handler. A row without a `who` does not compile. */
export type Route = {
  method: 'get' | 'post' | 'patch' | 'delete';
  /** With `{id}` or `{name}` for the one variable part. */
  path: string;
  /** `device`: a device by its token, and nobody else; such a route does not know of principals. */
  who: Who | 'device';
  summary: string;
  body?: z.ZodType;
  query?: z.ZodType;
  answers: { status: number; schema?: z.ZodType; description: string };
  handler: (asked: Asked<never, never>) => Promise<Reply> | Reply;
};

/** Types a row: body and query of the handler follow from their schemas. */
export const route = <
  B extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
>(
  row: Omit<Route, 'body' | 'query' | 'handler'> & {
    body?: B;
    query?: Q;
    handler: (asked: Asked<Of<B>, Of<Q>>) => Promise<Reply> | Reply;
  },
): Route => row as unknown as Route;

/** Answers 200 with JSON. */
export const ok = (body: unknown): Reply => ({ status: 200, body });
