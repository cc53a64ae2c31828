import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context, Hono } from 'hono';
import { isDatabaseAway } from '../../../base/database-away.ts';
import { Problem } from '../../../base/errors.ts';
import { readJson } from '../../read-body.ts';
import { createDuck } from './duck.ts';
import { createFindNumber } from './find-number.ts';
import { createHandOut } from './hand-out.ts';
import { createPoll } from './poll.ts';
import { type RelayPath, readPath } from './read-path.ts';
import { createRegister } from './register.ts';
import { createRegistry } from './registry.ts';
import type { RelayParts } from './relay-parts.ts';
import { refuse } from './say.ts';
import { createWebhook } from './webhook.ts';
import { whoAsks } from './who-may.ts';

type Bindings = { incoming: IncomingMessage; outgoing: ServerResponse };

const methods: Record<RelayPath['what'], 'GET' | 'POST'> = {
  register: 'POST',
  unregister: 'POST',
  webhook: 'POST',
  'duck send': 'POST',
  status: 'GET',
  health: 'GET',
  poll: 'GET',
  'duck poll': 'GET',
};

const readObject = async (request: Request): Promise<Record<string, unknown>> => {
  const body = await readJson(request);
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Problem(400, 'invalid_request', 'Send a JSON object.');
  return body as Record<string, unknown>;
};

/**
 * The relay that devices in the field speak to: its paths, shapes and codes are those of the first relay, errors too. Mount it behind
 * what is routed by exact paths and before the console.
 */
export const mountRelay = (
  app: Hono<{ Bindings: Bindings }>,
  parts: RelayParts & { health: () => Promise<{ status: number; body: object }> },
): { idle(): Promise<void> } => {
  const findNumber = createFindNumber(parts);
  const register = createRegister(parts);
  const handOut = createHandOut(parts);
  const poll = createPoll(parts, { findNumber, register, handOut });
  const registry = createRegistry(parts, { findNumber, register });
  const duck = createDuck(parts, handOut);
  const webhook = createWebhook(parts);

  const answer = async (
    asked: RelayPath,
    c: Context<{ Bindings: Bindings }>,
    since: number,
  ): Promise<Response> => {
    const request = c.req.raw;
    const { incoming, outgoing } = c.env;
    if (asked.what === 'webhook') return webhook(incoming);
    if (asked.what === 'health') {
      const { status, body } = await parts.health();
      return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
    }
    const asker = await whoAsks(request, incoming, parts);
    const connection = { incoming, outgoing, since };
    if (asked.what === 'status') return registry.status(asker);
    if (asked.what === 'poll') return poll(asker, asked.number, connection);
    if (asked.what === 'duck poll') return duck.poll(asker, asked.name, connection);
    const body = await readObject(request);
    if (asked.what === 'register') return registry.register(asker, body);
    return asked.what === 'unregister' ? registry.unregister(asker, body) : duck.send(asker, body);
  };

  app.all('*', async (c, next) => {
    const since = performance.now();
    const asked = readPath(new URL(c.req.url).pathname);
    if (!asked) return next();
    const { method } = c.req;
    if (method !== methods[asked.what])
      return refuse(405, `Use ${methods[asked.what]} here.`, { allow: methods[asked.what] });
    try {
      return await answer(asked, c, since);
    } catch (error) {
      if (error instanceof Problem)
        return refuse(
          error.status,
          error.detail,
          error.status === 401 ? { 'www-authenticate': 'Bearer' } : {},
        );
      parts.log.error({ error, method, what: asked.what }, 'a request to the relay failed');
      return isDatabaseAway(error)
        ? refuse(503, 'The database does not answer right now. Try again.')
        : refuse(500, 'Something went wrong here. The log has it.');
    }
  });
  return { idle: handOut.idle };
};
