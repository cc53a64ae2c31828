import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTimeline } from '../src/timeline.ts';

test('what is due runs in the order of its time, and in the order it was set within one time', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 200 }), (delays) => {
      const timeline = createTimeline();
      const start = timeline.now() + 3_600_000;
      const ran: [at: number, index: number][] = [];
      for (const [i, delay] of delays.entries())
        timeline.at(start + delay, (at) => ran.push([at - start, i]));
      timeline.advance(3_600_100);
      timeline.clear();
      const expected = delays
        .map((delay, i): [number, number] => [delay, i])
        .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      expect(ran).toEqual(expected);
    }),
  );
});

test('advancing runs also what the run things set, told when they were due', () => {
  const timeline = createTimeline();
  const start = timeline.now();
  const told: number[] = [];
  timeline.at(start + 1000, (at) => timeline.at(at + 1000, (then) => told.push(then - start)));
  timeline.at(start + 60_000, () => told.push(-1));
  timeline.advance(5000);
  timeline.clear();
  expect(told).toEqual([2000]);
});

test('a wait ends by itself', async () => {
  const timeline = createTimeline();
  const at = timeline.now() + 5;
  expect(await new Promise((resolve) => timeline.at(at, resolve))).toBe(at);
});
