import { expect, test } from 'vitest';
import { gather } from './gather.ts';

/** A clock the test turns by hand. */
const handClock = () => {
  const due: (() => void)[] = [];
  return { wait: (run: () => void) => void due.push(run), turn: () => due.shift()?.(), due };
};

const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

test('what arrives close together is flushed once, without repeats', async () => {
  const clock = handClock();
  const flushed: string[][] = [];
  const add = gather<string>(150, async (items) => void flushed.push([...items]), clock.wait);
  for (const item of ['a', 'b', 'a']) add(item);
  expect(clock.due).toHaveLength(1);
  clock.turn();
  await settle();
  expect(flushed).toEqual([['a', 'b']]);
  expect(clock.due).toHaveLength(0);
});

test('what arrives during a flush waits for its end and is not lost', async () => {
  const clock = handClock();
  const flushed: string[][] = [];
  let finish = () => {};
  const add = gather<string>(
    150,
    (items) => {
      flushed.push([...items]);
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    },
    clock.wait,
  );
  add('a');
  clock.turn();
  add('a');
  add('b');
  await settle();
  expect(clock.due).toHaveLength(0);
  finish();
  await settle();
  clock.turn();
  expect(flushed).toEqual([['a'], ['a', 'b']]);
});

test('a flush that fails does not stop the ones after it', async () => {
  const clock = handClock();
  const flushed: string[][] = [];
  const add = gather<string>(
    150,
    async (items) => {
      flushed.push([...items]);
      throw new Error('refused');
    },
    clock.wait,
  );
  add('a');
  clock.turn();
  await settle();
  add('b');
  clock.turn();
  await settle();
  expect(flushed).toEqual([['a'], ['b']]);
});
