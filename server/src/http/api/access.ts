import { sessionSchema } from '@trunkline/contract';
import { z } from 'zod';
import type { Db } from '../../base/db.ts';
import { createApiKey, listApiKeys, revokeApiKey } from '../auth/api-keys.ts';
import type { Auth } from '../auth/auth.ts';
import type { createFirstRun } from '../auth/first-run.ts';
import type { Identify } from '../auth/identify.ts';
import { mayManageAccess } from '../auth/principal.ts';
import { session } from '../auth/session.ts';
import { ok, type Route, route } from '../route.ts';

const apiKeySchema = z.object({
  id: z.uuid(),
  name: z.string(),
  prefix: z.string(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
});

type Parts = {
  db: Db;
  auth: Auth;
  identify: Identify;
  firstRun: ReturnType<typeof createFirstRun>;
  simulatorUrl: string | null;
};

/** Who is signed in, the first-run link, and API keys. */
export const accessRoutes = ({ db, auth, identify, firstRun, simulatorUrl }: Parts): Route[] => [
  route({
    method: 'get',
    path: '/v1/session',
    who: 'public',
    summary: 'Who is asking',
    answers: { status: 200, schema: sessionSchema, description: 'The user and the organization.' },
    handler: async ({ request }) => {
      const body = await session(db, await identify(request), simulatorUrl);
      const response = Response.json(body, { headers: { 'cache-control': 'no-store' } });
      for (const cookie of await auth.prolong(request.headers)) response.headers.append('set-cookie', cookie);
      return response;
    },
  }),
  route({
    method: 'post',
    path: '/v1/first-run/check',
    who: 'public',
    summary: 'Ask what a first-run link will do',
    body: z.unknown(),
    answers: {
      status: 200,
      schema: z.object({ needsOwner: z.boolean(), demo: z.boolean() }),
      description: 'Whether the link makes the owner or signs them in.',
    },
    handler: async ({ body }) => ok(await firstRun.check(body)),
  }),
  route({
    method: 'post',
    path: '/v1/first-run',
    who: 'public',
    summary: 'Use a first-run link',
    body: z.unknown(),
    answers: { status: 204, description: 'Signed in; the session cookie is set.' },
    handler: async ({ body, request }) => {
      const { cookies } = await firstRun.complete(body, request.headers);
      const response = new Response(null, { status: 204 });
      for (const cookie of cookies) response.headers.append('set-cookie', cookie);
      return response;
    },
  }),
  route({
    method: 'get',
    path: '/v1/api-keys',
    who: 'admin',
    summary: 'List the API keys, without the keys themselves',
    answers: {
      status: 200,
      schema: z.object({ data: z.array(apiKeySchema), nextCursor: z.null() }),
      description: 'All keys that work.',
    },
    handler: async ({ principal }) => {
      mayManageAccess(principal);
      return ok({ data: await listApiKeys(db, principal.organizationId), nextCursor: null });
    },
  }),
  route({
    method: 'post',
    path: '/v1/api-keys',
    who: 'admin',
    summary: 'Make an API key; the key is shown this once',
    body: z.strictObject({ name: z.string() }),
    answers: {
      status: 201,
      schema: z.object({ id: z.uuid(), name: z.string(), prefix: z.string(), key: z.string() }),
      description: 'The key.',
    },
    handler: async ({ principal, body }) => {
      mayManageAccess(principal);
      return { status: 201, body: await createApiKey(db, principal.organizationId, body.name) };
    },
  }),
  route({
    method: 'delete',
    path: '/v1/api-keys/{id}',
    who: 'admin',
    summary: 'Revoke an API key at once',
    answers: { status: 204, description: 'Revoked.' },
    handler: async ({ principal, id }) => {
      mayManageAccess(principal);
      await revokeApiKey(db, principal.organizationId, id);
      return { status: 204 };
    },
  }),
];
