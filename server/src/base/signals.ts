import type { Database } from './db.ts';
import { newId } from './ids.ts';

/** What may have changed. Only hints: whoever hears one looks in the database, and looks now and then without one. */
export type Signal = 'send' | 'turn' | 'event' | 'directory' | 'access' | 'device' | 'media';

export type Signals = {
  /** Says that something of this kind may be there: at once in this process, within some milliseconds in the others. */
  raise(signal: Signal, about?: readonly string[]): void;
  /**
   * Calls `heard` at each raise, of this process or another, with the ids it was about; null: it may be about any. Returns how to stop.
   */
  on(signal: Signal, heard: (about: readonly string[] | null) => void): () => void;
  close(): Promise<void>;
};

const channel = 'trunkline';
/** A NOTIFY takes a lock that commits queue behind, so it never rides in a hot transaction and several are one. */
const gatherMs = 5;
/** A NOTIFY holds less than 8,000 bytes: above so many ids of a signal it goes out as one about any. */
const mostAbout = 100;
/** Under load there is one NOTIFY in this time, milliseconds: each is a transaction of its own. */
const pauseMs = 20;

/** Starts to listen for other processes' signals. */
export const createSignals = async (db: Database): Promise<Signals> => {
  const heard: Record<Signal, Set<(about: readonly string[] | null) => void>> = {
    send: new Set(),
    turn: new Set(),
    event: new Set(),
    directory: new Set(),
    access: new Set(),
    device: new Set(),
    media: new Set(),
  };
  const self = newId();
  const tell = (signal: Signal, about: readonly string[] | null) => {
    for (const one of heard[signal]) one(about);
  };
  const stop = await db.listen(channel, (payload) => {
    if (payload === '') {
      for (const signal of Object.keys(heard) as Signal[]) tell(signal, null);
      return;
    }
    const [sender, ...signals] = payload.split(' ');
    if (sender === self) return;
    for (const one of signals) {
      const [signal, about] = one.split(':');
      if (signal! in heard) tell(signal as Signal, about ? about.split(',') : null);
    }
  });

  /** The ids a signal is about; null: any. */
  const pending = new Map<Signal, Set<string> | null>();
  let timer: NodeJS.Timeout | undefined;
  let sentMs = Number.NEGATIVE_INFINITY;
  const send = () => {
    timer = undefined;
    sentMs = performance.now();
    const words = [...pending].map(([signal, about]) =>
      about ? `${signal}:${[...about].join(',')}` : signal,
    );
    const payload = [self, ...words].join(' ');
    pending.clear();
    db.query('select pg_notify($1, $2)', [channel, payload], 'notify').catch(() => {});
  };

  return {
    raise(signal, about) {
      tell(signal, about ?? null);
      let ids = pending.get(signal);
      if (ids === undefined) ids = about ? new Set() : null;
      if (ids && about) for (const id of about) ids.add(id);
      pending.set(signal, about && ids && ids.size <= mostAbout ? ids : null);
      timer ??= setTimeout(send, Math.max(gatherMs, sentMs + pauseMs - performance.now()));
    },
    on(signal, one) {
      heard[signal].add(one);
      return () => heard[signal].delete(one);
    },
    async close() {
      clearTimeout(timer);
      await stop();
    },
  };
};
