import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveApi } from './api/serve.ts';
import { arrive } from './arrive.ts';
import { serveControl } from './control/serve.ts';
import { send } from './http.ts';
import { openMedia } from './media-url.ts';
import { createWorld, type World } from './world.ts';

export interface SimulatorOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  /** A loopback address; 127.0.0.1 by default. */
  host?: string;
  log?: (line: string) => void;
}

export interface Simulator {
  url: string;
  port: number;
  close(): Promise<void>;
}

/**
 * Starts a local Twilio: the API under /2010-04-01 and /v1, the control API under /simulator. Returns where it listens.
 * Refuses (rejects with) a host that is not loopback; rejects with the system's error when the port is taken.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, host = '127.0.0.1', log = () => undefined } = options;
  if (!/^(localhost|127(\.\d{1,3}){3}|::1)$/.test(host)) {
    throw new Error(
      `The simulator listens on loopback only, not on ${host}: its control API has no credentials.`,
    );
  }
  const world = createWorld();
  world.arrive = (message) => arrive(world, message);
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    serve(world, request, response).catch((thrown: unknown) => {
      log(`A request failed: ${thrown instanceof Error ? thrown.stack : String(thrown)}`);
      if (!response.headersSent)
        send(response, 500, { 'content-type': 'text/plain' }, 'The simulator failed.');
      else response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  world.url = `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
  return {
    url: world.url,
    port: bound,
    async close() {
      world.time.clear();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await Promise.all([closed, world.client.close()]);
    },
  };
}

async function serve(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '/';
  if (path.startsWith('/2010-04-01/') || path.startsWith('/v1/')) return serveApi(world, request, response);
  if (path.startsWith('/simulator/')) return serveControl(world, request, response);
  if (path.startsWith('/media/')) return serveMedia(world, path, response);
  send(response, 404, { 'content-type': 'text/plain' }, 'There is nothing here; see simulator/README.md.');
}

function serveMedia(world: World, path: string, response: ServerResponse) {
  const media = openMedia(world, path);
  if (!media?.bytes) return send(response, 403, { 'content-type': 'text/plain' }, 'This link has expired.');
  send(response, 200, { 'content-type': media.contentType }, media.bytes);
}
