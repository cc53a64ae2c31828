import { expect, test } from 'vitest';
import { whyOf } from './why-of.ts';

const fine = { hold: null, errorCode: null, errorMessage: null };

test.each(['received', 'queued', 'sending', 'sent', 'delivered', 'read', 'canceled'] as const)(
  '%s needs no explanation',
  (status) => {
    expect(whyOf({ ...fine, status })).toBeNull();
  },
);

test('a hold says why and until when', () => {
  const hold = { reason: 'Quiet hours for this contact', until: '2026-05-12T08:00:00.000Z' };
  const why = whyOf({ ...fine, status: 'held', hold });
  expect(why?.tone).toBe('warn');
  expect(why?.sentence).toMatch(
    /^Held: Quiet hours for this contact\. It is tried again by itself at .*2026/,
  );
});

test('a hold without a time waits for a person', () => {
  const why = whyOf({ ...fine, status: 'held', hold: { reason: 'The number is paused.', until: null } });
  expect(why?.sentence).toBe('Held: The number is paused. It waits for a person.');
});

test('a failure keeps its raw code', () => {
  const why = whyOf({
    ...fine,
    status: 'failed',
    errorCode: '21610',
    errorMessage: 'The recipient has opted out with STOP.',
  });
  expect(why).toEqual({ tone: 'bad', sentence: 'Failed (21610): The recipient has opted out with STOP.' });
});

test.each(['failed', 'undelivered', 'expired', 'unknown'] as const)(
  '%s without a message still says what it means',
  (status) => {
    expect(whyOf({ ...fine, status })?.sentence.length).toBeGreaterThan(10);
  },
);
