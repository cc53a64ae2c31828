import type { Shot } from './closed.ts';
import { type Connection, openConnection } from './connection.ts';

export type OpenShot = Shot & {
  /** How late the generator itself was in noticing that requests were due, milliseconds. */
  lags: Float64Array;
};

/**
 * Requests at a constant rate, whatever the answers do. Each latency counts from the moment the request was due, so that one slow
 * answer shows in all the requests that had to wait behind it (no coordinated omission).
 */
export const shootOpen = async (
  port: number,
  requests: Buffer[],
  { connections, perSecond }: { connections: number; perSecond: number },
): Promise<OpenShot> => {
  const latencies = new Float64Array(requests.length);
  const lags = new Float64Array(requests.length);
  const statuses: Record<string, number> = {};
  const done = Promise.withResolvers<void>();
  const free: number[] = [];
  const dueOf = new Float64Array(connections);
  let due = 0;
  let sent = 0;
  let answers = 0;
  let began = 0;

  const dispatch = () => {
    while (sent < due && free.length > 0) {
      const client = free.pop()!;
      dueOf[client] = began + (sent * 1000) / perSecond;
      clients[client]!.send(requests[sent++]!);
    }
  };
  const clients: Connection[] = await Promise.all(
    Array.from({ length: connections }, (_, client) => {
      free.push(client);
      return openConnection(port, (status) => {
        latencies[answers++] = performance.now() - dueOf[client]!;
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (answers === requests.length) done.resolve();
        if (status !== 0) free.push(client);
        dispatch();
      });
    }),
  );
  began = performance.now();
  const tick = () => {
    const now = performance.now();
    while (due < requests.length && began + (due * 1000) / perSecond <= now) {
      lags[due] = now - (began + (due * 1000) / perSecond);
      due += 1;
    }
    dispatch();
    if (due < requests.length) setTimeout(tick, 1);
  };
  tick();
  await done.promise;
  const seconds = (performance.now() - began) / 1000;
  for (const client of clients) client.close();
  return { seconds, statuses, latencies: latencies.subarray(0, answers), lags };
};
