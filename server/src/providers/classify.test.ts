import { describe, expect, test } from 'vitest';
import { classify, explainError } from './classify.ts';
import type { FailureClass } from './provider.ts';
import { errorTable } from './twilio/error-table.ts';

// Written apart from the table, so that a slip in one shows in the other.
const classes: Record<FailureClass, string> = {
  authentication: '20003 20005 10001 20403 30002 30037',
  opted_out: '21610 63014 63033',
  rate_limit:
    '20429 21611 30001 30022 30023 30025 30026 30027 30450 30453 30454 30485 30610 63017 63018 63038',
  transient:
    '20409 20500 20503 20009 30003 30008 30017 30020 30021 30036 30410 30500 63009 63012 63023 63032 63049',
  recipient: '21211 21214 21217 21268 21612 21614 21635 30004 30005 30006 30640 63003 63024 63035 63036',
  content:
    '21617 21618 21620 21623 30007 30011 30019 63005 63006 63013 63016 63019 63021 63025 63026 63034 63037',
  configuration:
    '20008 21212 21219 21267 21408 21601 21606 21607 21608 21613 21615 21616 21621 21622 21631 21649 21659 21660 21661 21701 ' +
    '21703 21705 30018 30024 30032 30033 30034 30035 30040 30041 30042 30043 30101 30136 30436 30449 30451 30452 30480 63001 ' +
    '63002 63007 63008 63015 63020 63022 63027 63028 63040 63042 63051',
  request:
    '20001 20404 20422 21266 21602 21603 21604 21605 21609 21619 21624 21653 21654 21655 21656 21664 21666 21667 30012 30016 ' +
    '30028 30031 30400 30404 30409 35111 35114 35118 35126',
};

describe('the table of codes', () => {
  for (const [failure, codes] of Object.entries(classes)) {
    test(failure, () => {
      for (const code of codes.split(' ')) {
        expect(`${code} ${explainError(code).class}`).toBe(`${code} ${failure}`);
        expect(explainError(code).sentence).not.toContain(code);
      }
    });
  }

  test('names no code twice, and every row is a sentence', () => {
    const exact = errorTable.flatMap((row) => row.codes.split(' '));
    expect(exact.length).toBe(new Set(exact).size);
    for (const row of errorTable) {
      expect(row.codes).toMatch(/^\d{5}(-\d{5})?( \d{5}(-\d{5})?)*$/);
      expect(row.sentence).toMatch(/^[A-Z].*[^.]\.$/);
      expect(row.sentence).not.toMatch(/\d{5}/);
      if (row.afterMs) expect(row.retries).toBeGreaterThan(0);
    }
  });

  test('tries again only where it may help', () => {
    for (const code of ['30003', '30008', '30017', '30022', '20429'])
      expect(explainError(code).retryable).toBe(true);
    for (const code of ['30036', '30410', '20500', '21610', '30007'])
      expect(explainError(code).retryable).toBe(false);
    expect(explainError('30008').retries).toBe(1);
    expect(explainError('30023').afterMs).toBeGreaterThan(3_600_000);
  });
});

test.each<[number, string | null, string, FailureClass]>([
  [400, '21211', 'failed', 'recipient'],
  [400, '21610', 'failed', 'opted_out'],
  [400, '21617', 'failed', 'content'],
  [400, '21606', 'failed', 'configuration'],
  [400, '21602', 'failed', 'request'],
  [401, '20003', 'failed', 'authentication'],
  [401, null, 'failed', 'authentication'],
  [403, null, 'failed', 'authentication'],
  [403, '20008', 'failed', 'configuration'],
  [404, '20404', 'failed', 'request'],
  [404, null, 'failed', 'configuration'],
  [302, null, 'failed', 'configuration'],
  [405, null, 'failed', 'configuration'],
  [400, null, 'failed', 'request'],
  [418, null, 'failed', 'request'],
  [429, '20429', 'retry', 'rate_limit'],
  [429, '21611', 'retry', 'rate_limit'],
  [429, null, 'retry', 'rate_limit'],
  [429, '29999', 'retry', 'rate_limit'],
  [409, null, 'retry', 'transient'],
  [409, '20409', 'retry', 'transient'],
  [425, null, 'retry', 'transient'],
  // Perhaps taken: never tried again blindly.
  [408, null, 'unknown', 'transient'],
  [500, null, 'unknown', 'transient'],
  [500, '20500', 'unknown', 'transient'],
  [502, null, 'unknown', 'transient'],
  [503, '20503', 'unknown', 'transient'],
  [503, '20429', 'unknown', 'rate_limit'],
  [500, '21211', 'unknown', 'recipient'],
  [504, '99999', 'unknown', 'transient'],
  [400, '20500', 'unknown', 'transient'],
  // Codes newer than the table.
  [400, '21999', 'failed', 'request'],
  [400, '30999', 'retry', 'transient'],
  [400, '63999', 'retry', 'transient'],
  [400, '45000', 'failed', 'request'],
])('HTTP %i with code %s is %s, %s', (status, code, kind, failure) => {
  expect(classify(status, code)).toMatchObject({ kind, class: failure });
});

test('a code nobody knows leads to its page', () => {
  expect(explainError('21999')).toMatchObject({
    class: 'request',
    retryable: false,
    sentence: expect.stringContaining('21999'),
  });
  expect(explainError('30999')).toMatchObject({ class: 'transient', retries: 1 });
  expect(explainError('63999')).toMatchObject({ class: 'transient', retries: 1 });
  expect(explainError('+15558675310').sentence).not.toContain('5558675310');
});
