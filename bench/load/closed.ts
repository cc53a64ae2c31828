import { openConnection } from './connection.ts';

export type Shot = {
  /** From the first byte to the last answer. */
  seconds: number;
  /** How many answers had each status; '0': the connection broke. */
  statuses: Record<string, number>;
  /** Milliseconds, one per answer, in the order they came. */
  latencies: Float64Array;
};

/**
 * As many clients as there are connections, each with one request under way, for `seconds`; then what is under way is waited for, so
 * that every request sent has its answer.
 */
export const shootClosed = async (
  port: number,
  requests: Buffer[],
  { connections, seconds }: { connections: number; seconds: number },
): Promise<Shot> => {
  const latencies = new Float64Array(requests.length);
  const statuses: Record<string, number> = {};
  const done = Promise.withResolvers<void>();
  let next = 0;
  let answers = 0;
  let busy = connections;
  let until = 0;

  const clients = await Promise.all(
    Array.from({ length: connections }, async () => {
      let began = 0;
      const more = () => {
        began = performance.now();
        if (began >= until || next >= requests.length) {
          if (--busy === 0) done.resolve();
          return;
        }
        connection.send(requests[next++]!);
      };
      const connection = await openConnection(port, (status) => {
        latencies[answers++] = performance.now() - began;
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (status === 0) {
          if (--busy === 0) done.resolve();
        } else more();
      });
      return { connection, more };
    }),
  );
  const began = performance.now();
  until = began + seconds * 1000;
  for (const client of clients) client.more();
  await done.promise;
  const elapsed = (performance.now() - began) / 1000;
  for (const client of clients) client.connection.close();
  return { seconds: elapsed, statuses, latencies: latencies.subarray(0, answers) };
};
