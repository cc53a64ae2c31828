import { expect, test } from 'vitest';
import { dayName, timeBetween } from './time.ts';

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1_400, '1.4 s'],
  [180_000, '3 min'],
  [7_200_000, '2 h'],
  [259_200_000, '3 days'],
  [-5, '0 ms'],
])('%i ms apart is said %s', (ms, said) => {
  const from = Date.UTC(2026, 0, 1);
  expect(timeBetween(new Date(from).toISOString(), new Date(from + ms).toISOString())).toBe(said);
});

test('days are counted by the calendar, not by hours', () => {
  const now = new Date(2026, 4, 12, 0, 5);
  expect(dayName(new Date(2026, 4, 12, 0, 1).toISOString(), now)).toBe('Today');
  expect(dayName(new Date(2026, 4, 11, 23, 59).toISOString(), now)).toBe('Yesterday');
});
