import type { Hono } from 'hono';
import { Problem } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Identify } from './auth/identify.ts';
import type { DevicePrincipal, IdentifyDevice } from './auth/identify-device.ts';
import { may, type Principal } from './auth/principal.ts';
import { invalidRequest } from './problems.ts';
import { readJson } from './read-body.ts';
import type { Asked, Reply, Route } from './route.ts';

const answer = (reply: Reply): Response => {
  if (reply instanceof Response) return reply;
  if (reply.body === undefined) return new Response(null, reply);
  return new Response(JSON.stringify(reply.body), {
    status: reply.status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...reply.headers },
  });
};

/** Puts the rows of the table on the app: who may, then the id, query and body checked, then the handler. */
export const mount = (
  app: Hono,
  routes: Route[],
  identify: Identify,
  identifyDevice: IdentifyDevice,
): void => {
  for (const row of routes) {
    app.on(row.method.toUpperCase(), row.path.replace(/\{(\w+)\}/, ':$1'), async (c) => {
      const request = c.req.raw;
      const device = row.who === 'device' ? await identifyDevice(request) : null;
      const principal = row.who === 'public' || row.who === 'device' ? null : await identify(request);
      if (row.who !== 'device') may(principal, row.who);
      const id = c.req.param('id') ?? '';
      if (row.path.includes('{id}') && !isId(id))
        throw new Problem(404, 'not_found', 'There is nothing by this id.');
      const query = row.query?.safeParse(c.req.query());
      if (query && !query.success) throw invalidRequest(query.error);
      const body = row.body?.safeParse(await readJson(request));
      if (body && !body.success) throw invalidRequest(body.error);
      const asked: Asked<unknown, unknown> = {
        principal: principal as Principal,
        device: device as DevicePrincipal,
        id,
        name: c.req.param('name') ?? '',
        body: body?.data,
        query: query?.data,
        request,
        signal: request.signal,
      };
      return answer(await row.handler(asked as Asked<never, never>));
    });
  }
};
