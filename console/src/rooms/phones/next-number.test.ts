import { expect, test } from 'vitest';
import { nextPhoneNumber } from './next-number.ts';

test.each([
  [[], '+15550100001'],
  [['+15550100001'], '+15550100002'],
  [['+15550100002'], '+15550100001'],
  [['+15550100001', '+15550100002', '+4712345678'], '+15550100003'],
])('after %j comes %s', (taken, next) => {
  expect(nextPhoneNumber(taken)).toBe(next);
});
