import type { IncomingMessage, ServerResponse } from 'node:http';
import { outlastDatabase } from '../../../base/database-away.ts';
import { markWritten, type PolledText, poll, putBack, type RelayQueue } from '../../../store/relay-poll.ts';
import type { RelayParts } from './relay-parts.ts';
import { say } from './say.ts';
import { watchResponse } from './watch-response.ts';

/** One request with its connection. */
export type Connection = { incoming: IncomingMessage; outgoing: ServerResponse; since: number };

/** Longer than a response is watched: when a lease runs out, whoever handed the texts out is dead, and the next poll gets them. */
const leaseSeconds = 8;
const patienceMs = 10_000;

/**
 * Makes the function that answers a poll: what the last response brought counts as taken now, what waits is leased and sent, and whether
 * it arrived is written down when the connection has ended. `idle` resolves when no response is under way.
 */
export const createHandOut = ({ db, log, signals }: RelayParts) => {
  const underWay = new Set<Promise<void>>();

  const conclude = async (queue: RelayQueue, texts: PolledText[], arrived: boolean) => {
    try {
      await outlastDatabase(patienceMs, () => (arrived ? markWritten : putBack)(db, queue, texts));
    } catch (error) {
      log.warn(
        { error, arrived },
        'the end of a response to a device was not noted; its texts are offered again',
      );
    }
  };

  return {
    async answer(
      queue: RelayQueue,
      { incoming, outgoing, since }: Connection,
      present: (texts: PolledText[]) => Promise<unknown[]> | unknown[],
    ): Promise<Response> {
      const texts = await poll(db, queue, leaseSeconds);
      if (texts.length === 0) return say(200, { status: 'ok', messages: [], count: 0 });
      signals.raise('event');
      const shown = await Promise.resolve(texts)
        .then(present)
        .catch(async (error: unknown) => {
          await conclude(queue, texts, false);
          throw error;
        });
      const ended = watchResponse(incoming, outgoing, since).then((arrived) =>
        conclude(queue, texts, arrived),
      );
      underWay.add(ended);
      void ended.then(() => underWay.delete(ended));
      return say(200, { status: 'ok', messages: shown, count: shown.length }, { connection: 'close' });
    },
    idle: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
};
export type HandOut = ReturnType<typeof createHandOut>;
