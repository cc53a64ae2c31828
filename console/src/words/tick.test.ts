import { messageStatuses } from '@trunkline/contract';
import { expect, test } from 'vitest';
import { isCancelable, statuses, tickOf } from './tick.ts';

test('every status of the contract has its tick, and no other', () => {
  expect(statuses).toEqual([...messageStatuses]);
});

test.each([
  ['held', 'clock', 'warn', 'Held'],
  ['queued', 'clock', 'quiet', 'Queued'],
  ['sending', 'clock', 'quiet', 'Sending'],
  ['sent', 'one', 'quiet', 'Sent'],
  ['delivered', 'two', 'quiet', 'Delivered'],
  ['read', 'two', 'seen', 'Read'],
  ['unknown', 'question', 'warn', 'Unknown'],
  ['undelivered', 'cross', 'bad', 'Undelivered'],
  ['failed', 'cross', 'bad', 'Failed'],
  ['expired', 'cross', 'bad', 'Expired'],
  ['canceled', 'slash', 'quiet', 'Canceled'],
  ['received', 'none', 'quiet', 'Received'],
] as const)('%s is drawn as %s, %s, and called %s', (status, shape, tone, label) => {
  expect(tickOf(status)).toMatchObject({ shape, tone, label });
});

test('only what has not left can be canceled', () => {
  expect(statuses.filter(isCancelable)).toEqual(['held', 'queued']);
});
