import { afterEach, describe, expect, test } from 'vitest';
import { nowMs, shiftClock } from '../src/base/clock.ts';
import { isId, newId } from '../src/base/ids.ts';

const timeOf = (id: string) => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

afterEach(() => shiftClock(0));

describe('newId', () => {
  test('is a UUIDv7 of now', () => {
    const before = nowMs();
    const id = newId();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(timeOf(id)).toBeGreaterThanOrEqual(before);
    expect(timeOf(id)).toBeLessThanOrEqual(nowMs());
  });

  test('each is later than the one before, however many there are in a millisecond', () => {
    let last = newId();
    for (let i = 0; i < 50_000; i++) {
      const id = newId();
      if (id <= last) expect.fail(`${id} is not later than ${last}`);
      last = id;
    }
    // The counter ran over into the time, but not far ahead of it.
    expect(timeOf(last) - nowMs()).toBeLessThan(50);
  });

  test('stays in order when the clock is set back', () => {
    const before = newId();
    shiftClock(-3_600_000);
    expect(newId() > before).toBe(true);
  });

  test('no two have the same random part', () => {
    const all = new Set(Array.from({ length: 5_000 }, () => newId().slice(19)));
    expect(all.size).toBe(5_000);
  });
});

test.each<[string, boolean]>([
  ['0190a3a0-0000-7000-8000-000000000000', true],
  ['0190A3A0-0000-7000-8000-000000000000', false],
  ['0190a3a0-0000-7000-8000-00000000000', false],
  ['0190a3a000007000800000000000000', false],
  ['0190a3a0-0000-7000-8000-000000000000\n', false],
  ["' or 1=1 --", false],
  ['', false],
])('isId(%j) is %s', (text, expected) => {
  expect(isId(text)).toBe(expected);
});
