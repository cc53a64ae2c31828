import { expect, test } from 'vitest';
import { presenceOf } from './presence.ts';

const now = new Date('2026-05-12T12:00:00.000Z');

test.each([
  [true, '2026-05-12T11:59:58.000Z', 'on', 'Online'],
  [true, null, 'on', 'Online'],
  [false, null, 'never', 'Never seen'],
  [false, '2026-05-12T11:59:30.000Z', 'off', 'Seen a moment ago'],
  [false, '2026-05-12T11:57:00.000Z', 'off', 'Seen 3 min ago'],
  [false, '2026-05-12T07:00:00.000Z', 'off', 'Seen 5 h ago'],
  [false, '2026-05-09T12:00:00.000Z', 'off', 'Seen 3 days ago'],
  // The server’s clock may be ahead of the browser’s.
  [false, '2026-05-12T12:00:04.000Z', 'off', 'Seen a moment ago'],
])('online %s, last seen %s is %s: %s', (online, lastSeenAt, tone, words) => {
  expect(presenceOf({ online, lastSeenAt }, now)).toEqual({ tone, words });
});
