import { createHash, randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createBackoff } from './backoff.ts';
import { lockSpool } from './lock.ts';
import { pause } from './pause.ts';
import { receive, type Times, usualTimes } from './receive.ts';
import { createSettle } from './settle.ts';
import { openSpool, type Spool } from './spool.ts';
import { answerTo, type DeviceText, type OutgoingMessage } from './text.ts';
import { createWire, Refused, TokenRefused } from './wire.ts';

/** A text, and what to do with it. */
export type Text = DeviceText & {
  /** It is handled: recorded on the disk, then told to the server. It never comes again. With a reply, that is sent too, once. */
  ack(reply?: string): Promise<void>;
  /** It failed: the server offers it again after a while, and gives up after some times. */
  nack(reason: string): Promise<void>;
  reply(body: string): Promise<void>;
};

/** Handles one text. When it resolves the text is done (a string is sent as the reply); when it rejects the text comes again later. */
export type Handler = (text: Text, signal: AbortSignal) => unknown;

export type Device = {
  /** The texts one after the other, in the order they came. Each must be acked or nacked; one that is not comes again after a restart. */
  texts(): AsyncGenerator<Text, void, undefined>;
  /** Has every text handled. Resolves when the device is closed; rejects when it cannot go on (the token is refused). */
  on(handler: Handler, options?: { concurrency?: number }): Promise<void>;
  /** Sends a message; tries for a minute. Throws Refused with the server's sentence, or Unreachable. */
  send(message: OutgoingMessage): Promise<void>;
  /** Answers a text: its phone, or the device that wrote it. Like `send`. */
  reply(text: Pick<DeviceText, 'id' | 'conversationId' | 'from'>, body: string): Promise<void>;
  /** Stops receiving, lets handlers end for `withinMs` (10 s), and tells the server what is done. What is not handled stays on the disk. */
  close(options?: { withinMs?: number }): Promise<void>;
};

export type ConnectOptions = {
  /** The address of the Trunkline server. */
  server: string;
  /** The device's token, shown when it was paired: td_… */
  token: string;
  /** The folder that keeps texts through restarts; one per device. Unset: ~/.local/state/trunkline-device. */
  spool?: string;
  /** Takes a line on what happens, without bodies or numbers. */
  say?: (line: string) => void;
  times?: Partial<Times>;
};

/** Where texts are kept when nothing else is said. */
export const usualSpool = (env: Record<string, string | undefined> = process.env): string =>
  join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'trunkline-device');

const sendForMs = 60_000;
const flushMs = 5_000;
const beatMs = 25_000;
const compactEveryMs = 6 * 3_600_000;

/** Connects a program to its texts. Nothing is received before `texts` or `on` is called. */
export const connect = (options: ConnectOptions): Device => {
  const say = options.say ?? (() => {});
  const times = { ...usualTimes, ...options.times };
  const folder = options.spool ?? usualSpool();
  const wire = createWire(options);
  /** Aborted when nothing more is received; `ending` when handlers, too, must end; `over` when nothing more is sent. */
  const closing = new AbortController();
  const ending = new AbortController();
  const over = new AbortController();
  let failure: Error | null = null;
  const fail = (error: Error) => {
    failure ??= error;
    closing.abort();
    wakeAll();
  };

  /** Ids of texts that wait for a handler, in order. */
  const ready: string[] = [];
  let takers: (() => void)[] = [];
  const wakeAll = () => {
    for (const wake of takers) wake();
    takers = [];
  };
  const handling = new Set<Promise<void>>();

  const begin = async () => {
    let spool: Spool;
    let unlock: () => Promise<void>;
    try {
      unlock = await lockSpool(folder);
      spool = await openSpool(folder);
    } catch (error) {
      fail(error as Error);
      throw error;
    }
    const settle = createSettle({ wire, spool, say, times, signal: over.signal, onRefusedToken: fail });
    const waiting = spool.waiting();
    ready.push(...waiting);
    if (waiting.length > 0) say(`${waiting.length} on the disk from before, not handled yet.`);
    for (const [id, { acked }] of spool.handled) if (!acked) settle.add(id, { ack: true });
    let compacted = false;
    const compact = () => {
      compacted = true;
      spool
        .compact(wire.serverTime())
        .catch((error) => say(`The journal stays as long as it is: ${error.message}`));
    };
    const compacting = setInterval(compact, compactEveryMs);
    compacting.unref();
    // Work may last longer than a lease: the server shall not take us for dead.
    const beating = setInterval(() => {
      if (spool.waiting().length > 0) void wire.heartbeat().catch(() => {});
    }, beatMs);
    beating.unref();

    const receiving = receive({
      wire,
      times,
      say,
      signal: closing.signal,
      onConnected() {
        settle.goOn();
        // Not before: how old something is, only the server's clock can tell.
        if (!compacted) compact();
      },
      async keep(texts) {
        const fresh = await spool.keep(texts).catch((error: Error) => {
          throw new Error(`the spool cannot be written (${error.message})`);
        });
        for (const { id, attempt } of texts)
          if (fresh.includes(id)) {
            say(`Text ${id}: received${attempt > 1 ? `, offered the ${attempt}. time` : ''}.`);
            ready.push(id);
          } else if (spool.handled.has(id)) {
            say(`Text ${id}: offered again, but handled already; acked again.`);
            settle.add(id, { ack: true });
          }
        if (fresh.length > 0) wakeAll();
      },
    }).catch(fail);
    return { spool, settle, receiving, unlock, timers: [compacting, beating] };
  };
  let begun: ReturnType<typeof begin> | null = null;
  const started = () => {
    begun ??= begin();
    return begun;
  };

  const send = async (message: OutgoingMessage, key: string): Promise<void> => {
    const backoff = createBackoff({ firstMs: times.firstBackoffMs, mostMs: times.mostBackoffMs });
    const until = performance.now() + sendForMs;
    for (;;)
      try {
        await wire.send(message, key);
        return;
      } catch (error) {
        if (error instanceof TokenRefused || (error instanceof Refused && !error.passing)) throw error;
        const wait = backoff.next(error instanceof Refused ? error.retryAfterMs : null);
        if (performance.now() + wait > until || over.signal.aborted) throw error;
        await pause(wait, over.signal);
      }
  };
  /** How often each text was answered: the same answer twice is two, the same one after a restart is one. */
  const answers = new Map<string, number>();
  const reply: Device['reply'] = (text, body) => {
    const { id } = text;
    const nth = (answers.get(id) ?? 0) + 1;
    answers.set(id, nth);
    const key = createHash('sha256').update(`${id} ${nth} ${body}`).digest('hex').slice(0, 40);
    return send(answerTo(text, body), key);
  };

  /** A recorded end must reach the disk before anything else is believed, however long that takes. */
  const record = async (id: string, run: () => Promise<void>): Promise<void> => {
    const backoff = createBackoff({ firstMs: times.firstBackoffMs, mostMs: times.mostBackoffMs });
    for (;;)
      try {
        return await run();
      } catch (error) {
        say(
          `Text ${id}: handled, but the spool cannot be written (${(error as Error).message}); trying again.`,
        );
        if (ending.signal.aborted) throw error;
        await pause(backoff.next(), ending.signal);
      }
  };

  /** The next text; null when the device is closed. */
  const take = async (): Promise<Text | null> => {
    if (closing.signal.aborted) return null;
    const { spool, settle } = await started();
    for (;;) {
      if (closing.signal.aborted) return null;
      const id = ready.shift();
      if (id === undefined) {
        await new Promise<void>((resolve) => takers.push(resolve));
        continue;
      }
      const text = await spool.read(id);
      if (text === null) {
        say(`Text ${id}: the disk has lost it; the server offers it again.`);
        continue;
      }
      let ended = false;
      return {
        ...text,
        async ack(body) {
          if (ended) return;
          ended = true;
          await record(id, () => spool.done(id, wire.serverTime(), body ? answerTo(text, body) : null));
          answers.delete(id);
          settle.add(id, { ack: true });
        },
        async nack(reason) {
          if (ended) return;
          ended = true;
          answers.delete(id);
          settle.add(id, { nack: reason });
        },
        reply: (body) => reply(text, body),
      };
    }
  };

  const handleAll = async (handler: Handler): Promise<void> => {
    for (let text = await take(); text !== null; text = await take()) {
      const began = performance.now();
      try {
        const answer = await handler(text, ending.signal);
        await text.ack(typeof answer === 'string' ? answer : undefined);
        say(`Text ${text.id}: handled in ${((performance.now() - began) / 1_000).toFixed(1)} s.`);
      } catch (error) {
        if (ending.signal.aborted) {
          say(`Text ${text.id}: not ended in time; it is handled anew after the next start.`);
          return;
        }
        const reason = error instanceof Error ? error.message : String(error);
        say(`Text ${text.id}: failed, ${reason}; the server offers it again.`);
        await text.nack(reason);
      }
    }
  };

  let closed: Promise<void> | null = null;
  const close = async (withinMs: number) => {
    closing.abort();
    wakeAll();
    const parts = await begun?.catch(() => null);
    if (parts) {
      const all = Promise.allSettled([...handling]);
      const done = new AbortController();
      await Promise.race([all, pause(withinMs, done.signal)]);
      ending.abort();
      await Promise.race([all, pause(flushMs, done.signal)]);
      if (!(failure instanceof TokenRefused)) await parts.settle.idle(flushMs);
      done.abort();
      for (const timer of parts.timers) clearInterval(timer);
      over.abort();
      await parts.receiving;
      await parts.unlock();
    }
    ending.abort();
    over.abort();
  };

  const device: Device = {
    async *texts() {
      for (let text = await take(); text !== null; text = await take()) yield text;
      if (failure) throw failure;
    },
    async on(handler, { concurrency = 1 } = {}) {
      const workers = Array.from({ length: concurrency }, () => handleAll(handler));
      for (const worker of workers) {
        handling.add(worker);
        void worker.catch(() => {}).finally(() => handling.delete(worker));
      }
      await Promise.all(workers);
      if (failure) throw failure;
    },
    send: (message) => send(message, randomUUID()),
    reply,
    close({ withinMs = 10_000 } = {}) {
      closed ??= close(withinMs);
      return closed;
    },
  };
  return device;
};
