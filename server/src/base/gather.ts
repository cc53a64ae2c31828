import { isRefusal } from './db.ts';

/**
 * Gathers what arrives while the last statement runs into one statement for all of it: under load a batch costs little more than
 * one row, and when idle nothing waits. Measured for inbound records: 34,400 rows/s gathered, 10,400 one by one.
 *
 * One statement at a time: the more wait meanwhile, the cheaper each is. Two at once cost PostgreSQL half as much again per row.
 *
 * @param run takes the items, answers as many results in the same order. When the database refuses a batch for what is in it, the
 *   items are run one by one, so that one bad row fails alone; any other error (the database is away) is everybody's.
 * @returns a function that takes one item and resolves to its result, and `idle()`, which resolves when nothing is under way.
 */
export const gather = <T, R>(
  run: (items: T[]) => Promise<R[]>,
  { maxBatch = 500, concurrency = 1 }: { maxBatch?: number; concurrency?: number } = {},
): ((item: T) => Promise<R>) & { idle(): Promise<void> } => {
  type Waiting = { item: T; resolve: (result: R) => void; reject: (error: unknown) => void };
  let waiting: Waiting[] = [];
  let running = 0;
  let scheduled = false;
  let whenIdle: (() => void)[] = [];

  const runOne = async ({ item, resolve, reject }: Waiting) => {
    try {
      resolve((await run([item]))[0]!);
    } catch (error) {
      reject(error);
    }
  };

  const runBatch = async (batch: Waiting[]) => {
    try {
      const results = await run(batch.map((one) => one.item));
      for (let i = 0; i < batch.length; i++) batch[i]!.resolve(results[i]!);
    } catch (error) {
      if (batch.length > 1 && isRefusal(error)) for (const one of batch) await runOne(one);
      else for (const one of batch) one.reject(error);
    }
  };

  const next = () => {
    scheduled = false;
    while (running < concurrency && waiting.length > 0) {
      const batch = waiting.slice(0, maxBatch);
      waiting = waiting.slice(maxBatch);
      running += 1;
      void runBatch(batch).finally(() => {
        running -= 1;
        if (waiting.length > 0) next();
        else if (running === 0) {
          for (const resolve of whenIdle) resolve();
          whenIdle = [];
        }
      });
    }
  };

  const add = (item: T) =>
    new Promise<R>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (running < concurrency && !scheduled) {
        scheduled = true;
        // After this round of the event loop: all requests whose bytes have arrived join the batch.
        setImmediate(next);
      }
    });

  return Object.assign(add, {
    idle: () =>
      running === 0 && waiting.length === 0
        ? Promise.resolve()
        : new Promise<void>((resolve) => whenIdle.push(resolve)),
  });
};
