import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { quiet } from '../src/base/log.ts';
import { type Worker, workByLease } from '../src/base/work-by-lease.ts';
import { eventually } from './build.ts';

const start = (given: Partial<Worker<number>>) => {
  const due: number[] = [];
  const claims: number[] = [];
  const done: number[] = [];
  const failed: [number, boolean][] = [];
  let wake = () => {};
  const worker = workByLease<number>({
    name: 'numbers',
    log: quiet,
    concurrency: 4,
    claim: async (room) => {
      claims.push(room);
      return due.splice(0, room);
    },
    work: async (item) => {
      done.push(item);
    },
    failed: (item, _, stopping) => {
      failed.push([item, stopping]);
    },
    onWake: (heard) => {
      wake = heard;
      return () => {
        wake = () => {};
      };
    },
    ...given,
  });
  return { due, claims, done, failed, worker, wake: () => wake() };
};

test('works off everything that is due, never more at once than it may', async () => {
  let atOnce = 0;
  let most = 0;
  const { due, done, worker, wake } = start({
    work: async (item) => {
      most = Math.max(most, ++atOnce);
      await sleep(item % 3);
      atOnce -= 1;
      done.push(item);
    },
  });
  due.push(...Array.from({ length: 50 }, (_, i) => i));
  wake();
  await eventually(async () => done.length === 50, 'all are done');
  expect(most).toBe(4);
  await worker.stop();
});

test('finds by itself what no signal told of', async () => {
  const { due, done, worker } = start({});
  await sleep(20);
  due.push(1);
  await eventually(async () => done.length === 1, 'it looks again');
  await worker.stop();
});

test('one that fails is handed to failed, and the others go on', async () => {
  const { due, done, failed, worker, wake } = start({
    work: async (item) => {
      if (item === 2) throw new Error('two');
      done.push(item);
    },
  });
  due.push(1, 2, 3);
  wake();
  await eventually(async () => done.length === 2 && failed.length === 1, 'all have ended');
  expect(failed).toEqual([[2, false]]);
  await worker.stop();
});

test('a claim that fails is tried again, also one that throws at once', async () => {
  let calls = 0;
  const { done, worker } = start({
    claim: (room) => {
      calls += 1;
      if (calls === 1) throw new Error('at once');
      if (calls === 2) return Promise.reject(new Error('later'));
      return Promise.resolve(calls === 3 ? [room] : []);
    },
  });
  await eventually(async () => done.length === 1, 'the third claim is worked on');
  await worker.stop();
});

test('stopping claims nothing more, tells what is under way, and waits for it', async () => {
  const ended: string[] = [];
  const { due, claims, failed, worker, wake } = start({
    work: async (item, stopping) => {
      await new Promise<void>((resolve) => stopping.addEventListener('abort', () => resolve()));
      await sleep(20);
      ended.push(`worked ${item}`);
      throw new Error('interrupted');
    },
  });
  due.push(7);
  wake();
  await eventually(async () => due.length === 0, 'it is claimed');
  await worker.stop();
  expect(ended).toEqual(['worked 7']);
  expect(failed).toEqual([[7, true]]);
  const before = claims.length;
  due.push(8);
  wake();
  await sleep(30);
  expect(claims.length).toBe(before);
});

test('bites are not too small while something is under way', async () => {
  const gates: (() => void)[] = [];
  const { due, claims, worker, wake } = start({
    leastRoom: 3,
    work: () => new Promise<void>((resolve) => gates.push(resolve)),
  });
  due.push(1, 2, 3, 4);
  wake();
  await eventually(async () => gates.length === 4, 'four are under way');
  const before = claims.length;
  gates.shift()!();
  gates.shift()!();
  await sleep(20);
  expect(claims.length).toBe(before);
  gates.shift()!();
  await eventually(async () => claims.length > before, 'three places are enough');
  for (const open of gates) open();
  await worker.stop();
});

test('the leases of what is under way are renewed', async () => {
  const renewed: number[][] = [];
  let end = () => {};
  const { due, worker, wake } = start({
    work: () =>
      new Promise<void>((resolve) => {
        end = resolve;
      }),
    renew: {
      leases: async (items) => {
        renewed.push([...items]);
      },
      everyMs: 10,
    },
  });
  due.push(5);
  wake();
  await eventually(async () => renewed.length > 1, 'leases are renewed');
  expect(renewed[0]).toEqual([5]);
  end();
  await worker.stop();
});
