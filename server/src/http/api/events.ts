import { eventSchema } from '@trunkline/contract';
import { z } from 'zod';
import { Problem } from '../../base/errors.ts';
import { parseCursor } from '../../events/read.ts';
import type { EventStream } from '../../events/stream.ts';
import { type Route, route } from '../route.ts';

/** Proxies close a silent connection after a minute or less. */
const heartbeatMs = 20_000;
/** A watcher that doesn't read is let go rather than remembered without end. */
const mostWaiting = 5_000;

export const eventRoutes = ({ stream }: { stream: EventStream }): Route[] & { close(): void } => {
  const open = new Set<() => void>();
  const routes = [
    route({
      method: 'get',
      path: '/v1/events',
      who: 'member',
      summary: 'Follow events as they happen (SSE), from Last-Event-ID on',
      query: z.object({ after: z.string().optional() }),
      answers: {
        status: 200,
        schema: eventSchema,
        description: 'text/event-stream; each `data` is an event.',
      },
      handler: async ({ principal, query, request, signal }) => {
        const given = request.headers.get('last-event-id') ?? query.after;
        const after = given ? parseCursor(given) : null;
        if (given && !after)
          throw new Problem(400, 'invalid_cursor', 'Last-Event-ID is not an id of an event.');
        const encoder = new TextEncoder();
        let leave: (() => void) | undefined;
        let heartbeat: NodeJS.Timeout | undefined;
        let end = () => {};
        const body = new ReadableStream<Uint8Array>(
          {
            async start(controller) {
              end = () => {
                leave?.();
                clearInterval(heartbeat);
                open.delete(end);
                try {
                  controller.close();
                } catch {
                  // Closed by the other side already.
                }
              };
              open.add(end);
              signal.addEventListener('abort', end, { once: true });
              const write = (text: string) => {
                if ((controller.desiredSize ?? 0) < -mostWaiting) end();
                else controller.enqueue(encoder.encode(text));
              };
              write('retry: 1000\n\n');
              heartbeat = setInterval(() => write(': still here\n\n'), heartbeatMs);
              leave = await stream.watch(principal.organizationId, after, (event) =>
                write(`id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`),
              );
              if (!open.has(end)) leave();
            },
            cancel: () => end(),
          },
          { highWaterMark: 0 },
        );
        return new Response(body, {
          headers: {
            'content-type': 'text/event-stream',
            'cache-control': 'no-store',
            'x-accel-buffering': 'no',
          },
        });
      },
    }),
  ];
  return Object.assign(routes, {
    /** Ends every open stream, so that the server can stop; browsers come back by themselves. */
    close() {
      for (const end of [...open]) end();
    },
  });
};
