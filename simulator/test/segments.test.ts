import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countSegments } from '../src/segments.ts';

const family = '👨‍👩‍👧‍👦';
const table: [name: string, body: string, encoding: 'GSM-7' | 'UCS-2', segments: number][] = [
  ['nothing', '', 'GSM-7', 1],
  ['a×160', 'a'.repeat(160), 'GSM-7', 1],
  ['a×161', 'a'.repeat(161), 'GSM-7', 2],
  ['a×306', 'a'.repeat(306), 'GSM-7', 2],
  ['a×307', 'a'.repeat(307), 'GSM-7', 3],
  ['a×459', 'a'.repeat(459), 'GSM-7', 3],
  ['a×460', 'a'.repeat(460), 'GSM-7', 4],
  ['€×80', '€'.repeat(80), 'GSM-7', 1],
  ['€×81', '€'.repeat(81), 'GSM-7', 2],
  ['a×152+€+a×152', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 'GSM-7', 3],
  ['€×153', '€'.repeat(153), 'GSM-7', 3],
  ['a×1600', 'a'.repeat(1600), 'GSM-7', 11],
  ['CRLF', 'a\r\nb', 'GSM-7', 1],
  ['CRLF counts two', `${'a'.repeat(159)}\r\n`, 'GSM-7', 2],
  ['ж×70', 'ж'.repeat(70), 'UCS-2', 1],
  ['ж×71', 'ж'.repeat(71), 'UCS-2', 2],
  ['ж×134', 'ж'.repeat(134), 'UCS-2', 2],
  ['ж×135', 'ж'.repeat(135), 'UCS-2', 3],
  ['👍×35', '👍'.repeat(35), 'UCS-2', 1],
  ['👍×36', '👍'.repeat(36), 'UCS-2', 2],
  ['ж×66+👍+ж×66', `${'ж'.repeat(66)}👍${'ж'.repeat(66)}`, 'UCS-2', 3],
  ['flag×18', '🇺🇸'.repeat(18), 'UCS-2', 2],
  ['family×6', family.repeat(6), 'UCS-2', 1],
  ['family×7', family.repeat(7), 'UCS-2', 2],
  ['ж×670', 'ж'.repeat(670), 'UCS-2', 10],
  ['ж×1600', 'ж'.repeat(1600), 'UCS-2', 24],
  ['é', 'é', 'GSM-7', 1],
  ['e with a combining acute', 'e\u0301', 'UCS-2', 1],
  ['ç', 'ç', 'UCS-2', 1],
  ['Ç', 'Ç', 'GSM-7', 1],
  ['backtick', '`', 'UCS-2', 1],
  ['tab', '\t', 'UCS-2', 1],
  ['form feed', '\f', 'GSM-7', 1],
  ['one grapheme longer than a part', `e${'\u0301'.repeat(80)}`, 'UCS-2', 2],
];

test.each(table)('%s', (_name, body, encoding, segments) => {
  expect(countSegments(body)).toEqual({ encoding, segments });
});

test('a longer text never has fewer segments', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '€', 'ж', '👍', '\r\n', family, 'é'), maxLength: 200 });
  fc.assert(
    fc.property(text, fc.constantFrom('a', 'ж', '€'), (body, more) => {
      expect(countSegments(body + more).segments).toBeGreaterThanOrEqual(countSegments(body).segments);
    }),
  );
});
