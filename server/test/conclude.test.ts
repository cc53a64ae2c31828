import { describe, expect, test } from 'vitest';
import { newId } from '../src/base/ids.ts';
import { conclude } from '../src/outbound/conclude.ts';
import type { Outcome } from '../src/providers/provider.ts';
import type { Claimed } from '../src/queue/claim.ts';
import type { Settlement } from '../src/queue/settle.ts';

const rules = { attempts: 3, backoffSeconds: 2, unknownGraceMs: 10_000 };

const claimed = (attempt: number): Claimed => ({
  organizationId: newId(),
  id: newId(),
  conversationId: newId(),
  numberId: newId(),
  from: '+14155550100',
  to: '+14155550101',
  body: 'Hello',
  mediaUrls: null,
  attempt,
  expiresAt: null,
});

const busy: Outcome = {
  kind: 'retry',
  code: '20429',
  message: 'Too many requests.',
  afterMs: null,
  class: 'rate_limit',
};

describe('conclude', () => {
  test.each<[string, number, Outcome, Partial<Settlement>]>([
    [
      'sent keeps the sid and the segments',
      1,
      { kind: 'sent', providerSid: 'SM1', providerStatus: 'queued', segments: 2 },
      { kind: 'sent', providerSid: 'SM1', segments: 2, errorCode: null, errorMessage: null, afterMs: 0 },
    ],
    [
      'sent without a count leaves ours',
      1,
      { kind: 'sent', providerSid: 'SM1', providerStatus: 'accepted', segments: null },
      { kind: 'sent', segments: null },
    ],
    [
      'taken and given up at once is a failure that keeps its sid',
      1,
      { kind: 'sent', providerSid: 'SM1', providerStatus: 'failed', segments: 1 },
      { kind: 'failed', providerSid: 'SM1', errorMessage: 'The provider took it and gave it up at once.' },
    ],
    [
      'unknown waits for the receipt first, whatever the attempt',
      3,
      { kind: 'unknown', code: null, message: 'The connection broke.' },
      { kind: 'unknown', errorMessage: 'The connection broke.', afterMs: 10_000 },
    ],
    [
      'failed is final at once',
      1,
      { kind: 'failed', code: '21610', message: 'Opted out.', class: 'opted_out' },
      { kind: 'failed', errorCode: '21610', errorMessage: 'Opted out.', afterMs: 0 },
    ],
    [
      'retry waits as long as the provider asks',
      1,
      { ...busy, afterMs: 60_000 },
      { kind: 'retry', errorCode: '20429', afterMs: 60_000 },
    ],
    [
      'the last retry is a failure that says how often it was tried',
      3,
      busy,
      {
        kind: 'failed',
        errorCode: '20429',
        errorMessage: 'Too many requests. It was tried 3 times.',
        afterMs: 0,
      },
    ],
  ])('%s', (_, attempt, outcome, expected) => {
    expect(conclude(claimed(attempt), outcome, 12.6, rules)).toMatchObject(expected);
  });

  test('names the attempt, so that a late one is told apart, and keeps how long it took', () => {
    const one = claimed(2);
    const settlement = conclude(one, busy, 12.6, rules);
    expect(settlement).toMatchObject({ organizationId: one.organizationId, id: one.id, attempt: 2 });
    expect(settlement.detail).toEqual({ latencyMs: 13, class: 'rate_limit' });
    expect(settlement.afterMs).toBeGreaterThanOrEqual(2_000);
    expect(settlement.afterMs).toBeLessThanOrEqual(4_000);
  });

  test('the record never holds a number or the text', () => {
    const all = JSON.stringify(conclude(claimed(1), busy, 1, rules));
    expect(all).not.toMatch(/\+1415|Hello/);
  });
});
