import type { Database } from './db.ts';

/** What may have changed. Only hints: whoever hears one looks in the database, and looks now and then without one. */
export type Signal = 'send' | 'turn' | 'event' | 'directory' | 'access';

export type Signals = {
  /** Says that something of this kind may be there: at once in this process, within some milliseconds in the others. */
  raise(signal: Signal): void;
  /** Calls `heard` at each raise, of this process or another. Returns how to stop. */
  on(signal: Signal, heard: () => void): () => void;
  close(): Promise<void>;
};

const channel = 'trunkline';
/** A NOTIFY takes a lock that commits queue behind, so it never rides in a hot transaction and several are one. */
const gatherMs = 5;
/** Under load there is one NOTIFY in this time, milliseconds: each is a transaction of its own. */
const pauseMs = 20;

/** Starts to listen for other processes' signals. */
export const createSignals = async (db: Database): Promise<Signals> => {
  const heard: Record<Signal, Set<() => void>> = {
    send: new Set(),
    turn: new Set(),
    event: new Set(),
    directory: new Set(),
    access: new Set(),
  };
  const self = `${process.pid}.${performance.timeOrigin}`;
  const tell = (signal: Signal) => {
    for (const one of heard[signal]) one();
  };
  const stop = await db.listen(channel, (payload) => {
    if (payload === '') {
      for (const signal of Object.keys(heard) as Signal[]) tell(signal);
      return;
    }
    const [sender, ...signals] = payload.split(' ');
    if (sender !== self) for (const signal of signals) if (signal in heard) tell(signal as Signal);
  });

  const pending = new Set<Signal>();
  let timer: NodeJS.Timeout | undefined;
  let sentMs = Number.NEGATIVE_INFINITY;
  const send = () => {
    timer = undefined;
    sentMs = performance.now();
    const payload = [self, ...pending].join(' ');
    pending.clear();
    db.query('select pg_notify($1, $2)', [channel, payload], 'notify').catch(() => {});
  };

  return {
    raise(signal) {
      tell(signal);
      pending.add(signal);
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
