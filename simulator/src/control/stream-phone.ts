import type { ControlAnswer, ControlRequest } from './answer.ts';

const heartbeatMs = 15_000;

/** Streams what arrives at a phone as server-sent events until the watcher goes. */
export function streamPhone({ world, raw, response }: ControlRequest, number: string): ControlAnswer {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.write('retry: 1000\n: watching\n\n');
  const stop = world.phones.watch(number, (message) => {
    response.write(`event: message\nid: ${message.sid}\ndata: ${JSON.stringify(message)}\n\n`);
  });
  const heartbeat = setInterval(() => response.write(': \n\n'), heartbeatMs);
  heartbeat.unref();
  raw.once('close', () => {
    stop();
    clearInterval(heartbeat);
  });
  return null;
}
