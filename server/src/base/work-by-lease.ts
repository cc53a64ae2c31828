import type { Log } from './log.ts';

const pollMs = 1_000;

export type Worker<T> = {
  /** What it works on, for the log: "turns", "media". */
  name: string;
  /** How many it works on at once. */
  concurrency: number;
  /** Claims up to `room` items that are due, for a lease. */
  claim(room: number): Promise<T[]>;
  /** Does one. Must end it in the database itself; what it throws goes to `failed`. `stopping` is aborted when the worker stops. */
  work(item: T, stopping: AbortSignal): Promise<void>;
  /** Told of what `work` threw; what is done about it here shortens the wait for the end of the lease. */
  failed(item: T, error: unknown, stopping: boolean): Promise<void> | void;
  /** Keeps the leases of what is under way; unset: the work is always shorter than its lease. */
  renew?: { leases(items: T[]): Promise<void>; everyMs: number };
  /** Subscribes to the signal that something may be due. Returns how to stop. */
  onWake(heard: () => void): () => void;
  /** Don't claim for fewer free places than this while something is under way: small bites cost a statement each. */
  leastRoom?: number;
  /** Told each time the worker came round. */
  onRound?: (() => void) | undefined;
  log: Log;
};

/**
 * The loop of every worker: claims by lease what is due, works on it side by side, looks again when something ends, at a signal, and once
 * a second (signals are hints). Returns how to stop: nothing more is claimed, and it resolves when nothing is under way.
 */
export const workByLease = <T>(worker: Worker<T>): { stop(): Promise<void> } => {
  const { name, concurrency, leastRoom = 1, log } = worker;
  const underWay = new Set<T>();
  const stopping = new AbortController();
  let claiming = false;
  let claimed: Promise<void> = Promise.resolve();
  let again = false;
  let timer: NodeJS.Timeout | undefined;
  let whenEmpty: (() => void) | undefined;

  const take = async (item: T) => {
    try {
      await worker.work(item, stopping.signal);
    } catch (error) {
      try {
        await worker.failed(item, error, stopping.signal.aborted);
      } catch (worse) {
        log.warn({ error: worse, work: name }, 'what failed could not be given back; its lease will run out');
      }
    }
    underWay.delete(item);
    if (stopping.signal.aborted && underWay.size === 0) whenEmpty?.();
    look();
  };

  const claim = async (room: number) => {
    again = false;
    clearTimeout(timer);
    try {
      const items = await worker.claim(room);
      for (const item of items) {
        underWay.add(item);
        void take(item);
      }
      if (items.length === room) again = true;
    } catch (error) {
      log.warn({ error, work: name }, 'what is due could not be read, trying again');
    }
    claiming = false;
    worker.onRound?.();
    if (stopping.signal.aborted) return;
    timer = setTimeout(look, pollMs);
    if (again) look();
  };

  const look = () => {
    if (stopping.signal.aborted) return;
    if (claiming) {
      again = true;
      return;
    }
    const room = concurrency - underWay.size;
    if (room === 0 || (underWay.size > 0 && room < leastRoom)) return;
    claiming = true;
    claimed = claim(room);
  };

  const renewing =
    worker.renew &&
    setInterval(() => {
      if (underWay.size === 0) return;
      worker
        .renew!.leases([...underWay])
        .catch((error) => log.warn({ error, work: name }, 'leases could not be renewed'));
    }, worker.renew.everyMs);

  const off = worker.onWake(look);
  look();

  return {
    async stop() {
      stopping.abort();
      off();
      clearTimeout(timer);
      await claimed;
      if (underWay.size > 0)
        await new Promise<void>((resolve) => {
          whenEmpty = resolve;
        });
      clearInterval(renewing);
    },
  };
};
