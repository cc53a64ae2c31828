import { expect, test } from 'vitest';
import { stateOf } from './state-of.ts';

test.each([
  ['waiting', 0, null, 'Waiting', null],
  ['waiting', 1, null, 'Waiting to be tried again', 'Offered once.'],
  [
    'waiting',
    2,
    'The speaker is away.',
    'Waiting to be tried again',
    'Offered 2 times. The speaker is away.',
  ],
  ['leased', 1, null, 'With the device', null],
  ['leased', 3, 'It broke off.', 'With the device', 'Attempt 3. It broke off.'],
  ['dead', 5, 'It broke off.', 'Dead letter', 'Offered 5 times. It broke off.'],
  ['dead', 5, null, 'Dead letter', 'Offered 5 times. The device gave no reason.'],
  ['taken', 1, null, 'Taken', null],
  ['taken', 2, 'It broke off.', 'Taken', 'At attempt 2.'],
] as const)('%s after %i attempts, reason %s: %s, %s', (status, attempts, reason, words, why) => {
  const state = stateOf({ status, attempts, reason });
  expect(state.words).toBe(words);
  expect(state.why).toBe(why);
});
