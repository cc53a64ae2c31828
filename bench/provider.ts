import { createServer } from 'node:http';
import { onEnd } from './ends.ts';

export type StandIn = {
  url: string;
  /** Resolves to the moment (performance.now()) at which the next request to create a message is here. */
  next(): Promise<number>;
};

/** A provider that takes every message at once, and says when the request came. In this process: one clock for both ends. */
export const startStandIn = async (): Promise<StandIn> => {
  let waiting = Promise.withResolvers<number>();
  let count = 0;
  const server = createServer((request, response) => {
    const at = performance.now();
    request.resume().on('end', () => {
      count += 1;
      const sid = `SM${count.toString(16).padStart(32, '0')}`;
      const body = JSON.stringify({
        sid,
        status: 'queued',
        error_code: null,
        error_message: null,
        num_segments: '1',
        uri: `/2010-04-01/Accounts/AC/Messages/${sid}.json`,
      });
      response.writeHead(201, { 'content-type': 'application/json' }).end(body);
      waiting.resolve(at);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  onEnd(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    next() {
      waiting = Promise.withResolvers();
      return waiting.promise;
    },
  };
};
