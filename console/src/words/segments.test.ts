import { expect, test } from 'vitest';
import { countSegments } from './segments.ts';

// The counts are those sms-segments-calculator 1.3.0 and split-sms 0.1.7 agree on.
test.each([
  ['', 'gsm7', 0],
  ['a', 'gsm7', 1],
  ['a'.repeat(160), 'gsm7', 1],
  ['a'.repeat(161), 'gsm7', 2],
  ['a'.repeat(306), 'gsm7', 2],
  ['a'.repeat(307), 'gsm7', 3],
  ['a'.repeat(459), 'gsm7', 3],
  ['a'.repeat(460), 'gsm7', 4],
  ['a'.repeat(1600), 'gsm7', 11],
  ['€'.repeat(80), 'gsm7', 1],
  ['€'.repeat(81), 'gsm7', 2],
  ['€'.repeat(153), 'gsm7', 3],
  [`${'a'.repeat(152)}€${'a'.repeat(152)}`, 'gsm7', 3],
  ['a\r\nb', 'gsm7', 1],
  ['é', 'gsm7', 1],
  ['Ç', 'gsm7', 1],
  ['ç', 'ucs2', 1],
  ['e\u0301', 'ucs2', 1],
  ['ж'.repeat(70), 'ucs2', 1],
  ['ж'.repeat(71), 'ucs2', 2],
  ['ж'.repeat(134), 'ucs2', 2],
  ['ж'.repeat(135), 'ucs2', 3],
  ['ж'.repeat(670), 'ucs2', 10],
  ['ж'.repeat(1600), 'ucs2', 24],
  ['👍'.repeat(35), 'ucs2', 1],
  ['👍'.repeat(36), 'ucs2', 2],
  [`${'ж'.repeat(66)}👍${'ж'.repeat(66)}`, 'ucs2', 3],
  ['🇺🇸'.repeat(18), 'ucs2', 2],
  ['👨‍👩‍👧‍👦'.repeat(6), 'ucs2', 1],
  ['👨‍👩‍👧‍👦'.repeat(7), 'ucs2', 2],
] as const)('%j is %s in %i', (text, encoding, segments) => {
  expect(countSegments(text)).toMatchObject({ encoding, segments });
});

test('says what is left and which character cost the narrow alphabet', () => {
  expect(countSegments('Hello')).toMatchObject({ units: 5, left: 155, costly: null });
  expect(countSegments('Hello…')).toMatchObject({ units: 6, left: 64, costly: '…' });
  expect(countSegments('a'.repeat(161))).toMatchObject({ units: 161, left: 145 });
});
