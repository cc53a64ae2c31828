import { expect, test } from 'vitest';
import { toneOfStep } from './tone-of-step.ts';

test.each([
  ['message.received', {}, 'line'],
  ['message.sent', {}, 'line'],
  ['message.receipt', { status: 'sent' }, 'line'],
  ['message.receipt', { status: 'delivered' }, 'good'],
  ['message.receipt', { MessageStatus: 'read' }, 'good'],
  ['message.receipt', { status: 'undelivered' }, 'bad'],
  ['message.held', {}, 'warn'],
  ['message.unknown', {}, 'warn'],
  ['turn.retrying', {}, 'warn'],
  ['turn.failed', {}, 'bad'],
  ['message.expired', {}, 'bad'],
  ['device.offered', {}, 'line'],
  ['device.taken', {}, 'good'],
  ['device.failed', {}, 'warn'],
  ['device.dead_letter', {}, 'bad'],
] as const)('a step %s with %j is %s', (type, detail, tone) => {
  expect(toneOfStep({ type, detail })).toBe(tone);
});
