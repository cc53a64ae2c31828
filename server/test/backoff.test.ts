import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoff } from '../src/outbound/backoff.ts';

test.each<[number, number, number | null, number, number]>([
  // attempt, first seconds, what the provider asks, random, milliseconds
  [1, 2, null, 0, 1_000],
  [1, 2, null, 1, 2_000],
  [2, 2, null, 0, 2_000],
  [3, 2, null, 0.5, 6_000],
  [20, 2, null, 1, 600_000],
  [1_000, 2, null, 1, 600_000],
  [1, 2, 30_000, 0, 30_000],
  [5, 2, 1, 0, 16_000],
])('attempt %i from %i s, at least %s, random %d: %i ms', (attempt, first, atLeast, random, expected) => {
  expect(backoff(attempt, first, atLeast, random)).toBe(expected);
});

test('never longer than ten minutes unless the provider asks, never less than it asks, always a whole number', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 3600 }),
      fc.option(fc.integer({ min: 0, max: 86_400_000 })),
      (attempt, first, atLeast) => {
        const ms = backoff(attempt, first, atLeast);
        expect(Number.isInteger(ms)).toBe(true);
        expect(ms).toBeGreaterThanOrEqual(Math.max(atLeast ?? 0, Math.min(300_000, first * 500)));
        expect(ms).toBeLessThanOrEqual(Math.max(atLeast ?? 0, 600_000));
      },
    ),
  );
});

test('what failed together comes back apart', () => {
  expect(new Set(Array.from({ length: 50 }, () => backoff(4, 2, null))).size).toBeGreaterThan(40);
});
