import { createBackoff } from './backoff.ts';
import { pause } from './pause.ts';
import type { Spool } from './spool.ts';
import { Refused, TokenRefused, type Wire } from './wire.ts';

/** What the server still has to be told of a text. */
type Word = { ack: true } | { nack: string };

const sideBySide = 4;

/**
 * Tells the server what became of texts, until it knows: replies first, then the ack. What it could not be told is told again
 * after a while; what it refuses for good is given up with a line.
 */
export const createSettle = ({
  wire,
  spool,
  say,
  onRefusedToken,
  signal,
  times,
}: {
  wire: Wire;
  spool: Spool;
  say: (line: string) => void;
  onRefusedToken: (error: TokenRefused) => void;
  signal: AbortSignal;
  times: { firstBackoffMs: number; mostBackoffMs: number };
}) => {
  const backoff = createBackoff({ firstMs: times.firstBackoffMs, mostMs: times.mostBackoffMs });
  const words = new Map<string, Word>();
  const underWay = new Set<string>();
  let broken = false;
  let whenDone: (() => void)[] = [];
  /** Replies go one after the other, in the order of their texts. */
  let replies: Promise<unknown> = Promise.resolve();
  let hurry = new AbortController();

  /** Does it, or says why the server will never have it. Throws what may pass. */
  const unlessRefused = async (what: string, run: () => Promise<unknown>): Promise<boolean> => {
    try {
      await run();
      return true;
    } catch (error) {
      if (!(error instanceof Refused) || error.passing) throw error;
      say(`${what} was refused for good, ${error.message}`);
      return false;
    }
  };

  const reply = (id: string): Promise<void> => {
    const run = async () => {
      const message = spool.handled.get(id)?.reply;
      if (!message) return;
      if (await unlessRefused(`The reply to text ${id}`, () => wire.send(message, `reply-${id}`)))
        say(`Text ${id}: reply sent.`);
      await spool.replied(id);
    };
    const mine = replies.then(run);
    replies = mine.catch(() => {});
    return mine;
  };

  const tell = async (id: string, word: Word): Promise<void> => {
    if ('nack' in word) {
      await unlessRefused(`The failure of text ${id}`, () => wire.nack(id, word.nack));
      await spool.drop(id);
      return;
    }
    await reply(id);
    // Refused for good: the server has forgotten the text, so it offers it to nobody.
    await unlessRefused(`The ack of text ${id}`, () => wire.ack(id));
    await spool.acked(id);
  };

  const tellOne = async (id: string, word: Word) => {
    underWay.add(id);
    try {
      await tell(id, word);
      backoff.reset();
      if (words.get(id) === word) words.delete(id);
    } catch (error) {
      if (error instanceof TokenRefused) return onRefusedToken(error);
      if (!broken) void waitAndGoOn(error);
    } finally {
      underWay.delete(id);
      next();
    }
  };
  const waitAndGoOn = async (error: unknown) => {
    broken = true;
    const asked = error instanceof Refused ? error.retryAfterMs : null;
    const wait = backoff.next(asked);
    say(`${words.size === 1 ? 'An ack waits' : `${words.size} acks wait`}: ${(error as Error).message}.`);
    await pause(wait, signal, hurry.signal);
    broken = false;
    next();
  };
  const next = () => {
    if (words.size === 0) {
      for (const resolve of whenDone) resolve();
      whenDone = [];
    }
    if (broken || signal.aborted) return;
    for (const [id, word] of words) {
      if (underWay.size >= sideBySide) return;
      if (!underWay.has(id)) void tellOne(id, word);
    }
  };

  return {
    /** Has the server told of a text's end. */
    add(id: string, word: Word) {
      words.set(id, word);
      next();
    },
    /** The server answers again: no more waiting. */
    goOn() {
      hurry.abort();
      hurry = new AbortController();
    },
    /** Resolves when everything was told, or after `withinMs`. */
    idle: (withinMs: number) =>
      new Promise<void>((resolve) => {
        if (words.size === 0) return resolve();
        const timer = setTimeout(resolve, withinMs);
        whenDone.push(() => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
};
