import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { septets } from './gsm7.ts';
import { countSegments, cutSegments } from './segments.ts';

const family = '👨‍👩‍👧‍👦';

test('the alphabet has 137 characters, 10 of them escape pairs', () => {
  const widths = Array.from({ length: 0x10000 }, (_, code) => septets(code));
  expect(widths.filter((width) => width > 0).length).toBe(137);
  expect(widths.filter((width) => width === 2).length).toBe(10);
});

describe('countSegments', () => {
  test.each<[string, string, 'gsm7' | 'ucs2', number]>([
    ['a×160', 'a'.repeat(160), 'gsm7', 1],
    ['a×161', 'a'.repeat(161), 'gsm7', 2],
    ['a×306', 'a'.repeat(306), 'gsm7', 2],
    ['a×307', 'a'.repeat(307), 'gsm7', 3],
    ['a×459', 'a'.repeat(459), 'gsm7', 3],
    ['a×460', 'a'.repeat(460), 'gsm7', 4],
    ['€×80', '€'.repeat(80), 'gsm7', 1],
    ['€×81', '€'.repeat(81), 'gsm7', 2],
    ['a×152 € a×152', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 'gsm7', 3],
    ['€×153', '€'.repeat(153), 'gsm7', 3],
    ['a×1600', 'a'.repeat(1600), 'gsm7', 11],
    ['a CR LF b', 'a\r\nb', 'gsm7', 1],
    ['ж×70', 'ж'.repeat(70), 'ucs2', 1],
    ['ж×71', 'ж'.repeat(71), 'ucs2', 2],
    ['ж×134', 'ж'.repeat(134), 'ucs2', 2],
    ['ж×135', 'ж'.repeat(135), 'ucs2', 3],
    ['thumbs×35', '👍'.repeat(35), 'ucs2', 1],
    ['thumbs×36', '👍'.repeat(36), 'ucs2', 2],
    ['ж×66 thumb ж×66', `${'ж'.repeat(66)}👍${'ж'.repeat(66)}`, 'ucs2', 3],
    ['flag×18', '🇺🇸'.repeat(18), 'ucs2', 2],
    ['family×6', family.repeat(6), 'ucs2', 1],
    ['family×7', family.repeat(7), 'ucs2', 2],
    ['ж×670', 'ж'.repeat(670), 'ucs2', 10],
    ['ж×1600', 'ж'.repeat(1600), 'ucs2', 24],
    ['é', 'é', 'gsm7', 1],
    ['e with a combining accent', 'e\u0301', 'ucs2', 1],
    ['ç', 'ç', 'ucs2', 1],
    ['Ç', 'Ç', 'gsm7', 1],
    ['a backtick', '`', 'ucs2', 1],
    ['a tab', '\t', 'ucs2', 1],
    ['nothing', '', 'gsm7', 1],
    // CR LF is one grapheme by Unicode, and two characters to Twilio's counter, which may part them.
    ['ж×66 CR LF ж×66', `${'ж'.repeat(66)}\r\n${'ж'.repeat(66)}`, 'ucs2', 2],
    ['a grapheme longer than a part', `e${'\u0301'.repeat(140)}`, 'ucs2', 3],
  ])('%s', (_, text, encoding, segments) => {
    expect(countSegments(text)).toMatchObject({ encoding, segments });
    expect(cutSegments(text).length).toBe(segments);
  });

  test('units are septets or UTF-16 code units', () => {
    expect(countSegments('a\r\nb').units).toBe(4);
    expect(countSegments('a€').units).toBe(3);
    expect(countSegments('ж👍').units).toBe(3);
  });

  const character = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...'aé€{\r\n ') },
    {
      weight: 3,
      arbitrary: fc.constantFrom('ж', '👍', '🇺', '🇸', '\u200d', '\u0301', '\ud83d', '\udc4d', family),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
  );
  const gsm = fc.array(fc.constantFrom(...'aé€{\r\n '), { maxLength: 700 }).map((all) => all.join(''));
  const text = fc.oneof(
    gsm,
    fc.array(character, { maxLength: 400 }).map((all) => all.join('')),
  );

  test('parts join to the text, none is too long, none splits a pair', () => {
    fc.assert(
      fc.property(text, (whole) => {
        const { encoding, segments } = countSegments(whole);
        const parts = cutSegments(whole);
        expect(parts.join('')).toBe(whole);
        expect(parts.length).toBe(segments);
        const room = { gsm7: segments === 1 ? 160 : 153, ucs2: segments === 1 ? 70 : 67 }[encoding];
        for (const part of parts) {
          const units = encoding === 'ucs2' ? part.length : countSegments(part).units;
          expect(units).toBeLessThanOrEqual(room);
          if (whole.isWellFormed()) expect(part.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  test('more text is never fewer segments', () => {
    fc.assert(
      fc.property(text, text, (whole, more) => {
        expect(countSegments(whole + more).segments).toBeGreaterThanOrEqual(countSegments(whole).segments);
      }),
    );
  });
});
