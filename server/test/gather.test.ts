import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gather } from '../src/base/gather.ts';

describe('gather', () => {
  test('every item gets its own result, whatever the batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ value: fc.integer(), pause: fc.integer({ min: 0, max: 2 }) }), {
          maxLength: 60,
        }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 3 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 2 })),
        async (items, maxBatch, concurrency, delays) => {
          let running = 0;
          const add = gather(
            async (batch: number[]) => {
              running += 1;
              expect(running).toBeLessThanOrEqual(concurrency);
              expect(batch.length).toBeLessThanOrEqual(maxBatch);
              const delay = delays.next().value ?? 0;
              if (delay > 0) await sleep(delay);
              running -= 1;
              return batch.map((value) => `result of ${value}`);
            },
            { maxBatch, concurrency },
          );
          const results: Promise<string>[] = [];
          for (const { value, pause } of items) {
            results.push(add(value));
            if (pause > 0) await new Promise((resolve) => setImmediate(resolve));
          }
          expect(await Promise.all(results)).toEqual(items.map(({ value }) => `result of ${value}`));
          await add.idle();
        },
      ),
      { numRuns: 60 },
    );
  });

  test('what arrives together is one batch, and what arrives meanwhile is the next', async () => {
    const batches: number[][] = [];
    const gate = Promise.withResolvers<void>();
    const add = gather(
      async (batch: number[]) => {
        batches.push(batch);
        if (batches.length === 1) await gate.promise;
        return batch;
      },
      { concurrency: 1 },
    );
    const first = [add(1), add(2)];
    await new Promise((resolve) => setImmediate(resolve));
    const second = [add(3), add(4), add(5)];
    gate.resolve();
    await Promise.all([...first, ...second]);
    expect(batches).toEqual([
      [1, 2],
      [3, 4, 5],
    ]);
  });

  test('one bad row fails alone', async () => {
    let statements = 0;
    const add = gather(async (batch: number[]) => {
      statements += 1;
      if (batch.includes(13)) throw Object.assign(new Error('a bad row'), { code: '23505' });
      return batch.map((value) => value * 2);
    });
    const results = await Promise.allSettled([11, 12, 13, 14].map(add));
    expect(results.map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason)))).toEqual([
      22,
      24,
      'Error: a bad row',
      28,
    ]);
    expect(statements).toBe(5);
    expect(await add(15)).toBe(30);
  });

  test('when the database is away nothing is asked again: all fail at once', async () => {
    let statements = 0;
    const add = gather(async () => {
      statements += 1;
      throw Object.assign(new Error('gone'), { code: '57P01' });
    });
    const results = await Promise.allSettled([1, 2, 3].map(add));
    expect(results.map((one) => one.status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(statements).toBe(1);
  });

  test('idle waits for everything, and not at all when there is nothing', async () => {
    const gates: (() => void)[] = [];
    const add = gather(
      (batch: number[]) => new Promise<number[]>((resolve) => gates.push(() => resolve(batch))),
      { maxBatch: 1, concurrency: 1 },
    );
    await add.idle();
    const both = [add(1), add(2)];
    let idle = false;
    const waiting = add.idle().then(() => {
      idle = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    gates.shift()!();
    await both[0];
    await new Promise((resolve) => setImmediate(resolve));
    expect(idle).toBe(false);
    gates.shift()!();
    await waiting;
    expect(await Promise.all(both)).toEqual([1, 2]);
  });
});
