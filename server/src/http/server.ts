import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { CannotStart, Problem } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { mountConsole } from './console.ts';
import { checkHealth } from './health.ts';
import { mount } from './mount.ts';
import { describeApi } from './openapi.ts';
import { answerError, problemResponse } from './problems.ts';
import { type ApiParts, createRoutes } from './routes.ts';
import { mountRelay } from './surfaces/relay/mount.ts';
import type { RelayParts } from './surfaces/relay/relay-parts.ts';
import { mountWebhooks } from './webhooks.ts';

export type HttpParts = ApiParts & {
  log: Log;
  /** What only the relay for old clients needs. */
  relay: Omit<RelayParts, keyof ApiParts | 'log'>;
};

/** How long requests under way may take to end when the server stops, milliseconds. */
const drainMs = 10_000;
/** How often connections whose last request has ended are closed meanwhile: clients keep them open for more. */
const closeIdleMs = 20;

/** Builds the HTTP side: webhooks, API, sign-in, operations and the console, on one port. */
export const createHttp = (parts: HttpParts) => {
  const { log, metrics } = parts;
  const app = new Hono<{ Bindings: { incoming: IncomingMessage } }>();
  const table = createRoutes(parts);

  app.use('*', async (c, next) => {
    const began = performance.now();
    await next();
    metrics.onRequest(c.req.method, c.res.status, (performance.now() - began) / 1000);
  });
  app.onError((error, c) =>
    answerError(error, (unforeseen) =>
      log.error({ error: unforeseen, method: c.req.method, path: c.req.path }, 'a request failed'),
    ),
  );
  app.notFound((c) =>
    problemResponse(new Problem(404, 'not_found', `There is nothing at ${c.req.method} ${c.req.path}.`)),
  );

  mountWebhooks(app, parts);
  mount(app as unknown as Hono, table.routes, parts.identify, parts.devices.identify);
  app.all('/api/auth/*', (c) => parts.auth.handler(c.req.raw, c.env.incoming.socket.remoteAddress));
  const description = describeApi(table.routes, parts.publicUrl);
  app.get('/openapi.json', (c) => c.json(description));
  const relay = mountRelay(app as unknown as Parameters<typeof mountRelay>[0], {
    ...parts,
    ...parts.relay,
    health: () => checkHealth(parts.db, parts.heartbeats),
  });
  mountConsole(app as unknown as Hono, parts.simulatorUrl);

  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  // Longer than the idle time of common load balancers, so that they close first.
  server.keepAliveTimeout = 75_000;
  // Connections without a request yet, such as browsers open ahead; Node doesn't count them as idle.
  const silent = new Set<Socket>();
  server.on('connection', (socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.on('request', (request) => silent.delete(request.socket));

  return {
    /** Listens, and resolves to the port. Rejects with a sentence when the port is taken. */
    listen: (port: number, host: string) =>
      new Promise<number>((resolve, reject) => {
        server.once('error', (error: NodeJS.ErrnoException) =>
          reject(
            error.code === 'EADDRINUSE'
              ? new CannotStart(
                  `Port ${port} is taken: another program (or another Trunkline) listens there. Stop it, or set PORT.`,
                )
              : error.code === 'EACCES'
                ? new CannotStart(`Port ${port} needs privileges: choose one above 1023 with PORT.`)
                : error,
          ),
        );
        server.listen(port, host, () => resolve((server.address() as { port: number }).port));
      }),
    /** Takes no new requests and resolves when those under way have been answered. */
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      table.close();
      server.closeIdleConnections();
      for (const socket of silent) if (socket.bytesRead === 0) socket.destroy();
      const closing = setInterval(() => server.closeIdleConnections(), closeIdleMs);
      const timer = setTimeout(() => server.closeAllConnections(), drainMs);
      await closed;
      await relay.idle();
      clearInterval(closing);
      clearTimeout(timer);
    },
  };
};
