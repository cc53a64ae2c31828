import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitText } from './split-text.ts';

describe('splitText', () => {
  test.each<[string, string, number, string[]]>([
    ['what fits stays as it is', '  hello ', 10, ['  hello ']],
    ['nothing is one empty part', '', 10, ['']],
    ['at the end of a sentence', 'One is here. Two is there now.', 20, ['One is here.', 'Two is there now.']],
    ['after a closing quote', 'He said "go." Then we all left.', 20, ['He said "go."', 'Then we all left.']],
    ['at the end of a line', 'One is here\nTwo is there now', 20, ['One is here', 'Two is there now']],
    [
      'not at a sentence that leaves the part half empty',
      'No. Then words go on',
      12,
      ['No. Then', 'words go on'],
    ],
    ['between words', 'aaaa bbbb cccc', 10, ['aaaa bbbb', 'cccc']],
    ['a word that ends where the part ends', 'aaaa bbbbb cccc', 10, ['aaaa bbbbb', 'cccc']],
    ['within a word that is too long', 'abcdefghij', 4, ['abcd', 'efgh', 'ij']],
    ['never within a grapheme', 'aaa🇺🇸bbb', 5, ['aaa', '🇺🇸b', 'bb']],
    [
      'never within a surrogate pair, even of a giant grapheme',
      '👍\u200d👍\u200d👍',
      4,
      ['👍\u200d', '👍\u200d', '👍'],
    ],
    ['white space alone is one empty part', ' '.repeat(9), 4, ['']],
    ['white space at the cut goes', 'aaaa   \n\n  bbbb', 6, ['aaaa', 'bbbb']],
  ])('%s', (_, text, max, parts) => {
    expect(splitText(text, max)).toEqual(parts);
  });

  test('the limit is that of one message unless told', () => {
    expect(splitText('x'.repeat(1600)).length).toBe(1);
    expect(splitText('x'.repeat(1601)).map((part) => part.length)).toEqual([1600, 1]);
  });

  test('refuses parts without room for a character', () => {
    expect(() => splitText('abc', 1)).toThrow(RangeError);
    expect(() => splitText('abc', Number.NaN)).toThrow(RangeError);
  });

  const word = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.constantFrom(' ', '. ', '\n', '\u3000', '。', '!', '\u00a0', '\ufeff', '🇺🇸', 'ab. Cd'),
  );
  const text = fc.array(word, { maxLength: 80 }).map((words) => words.join(''));

  test('nothing is lost but white space at the cuts, in order, and every part fits', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 60 }), (whole, max) => {
        const parts = splitText(whole, max);
        let at = 0;
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(max);
          expect(part.isWellFormed()).toBe(whole.isWellFormed());
          const found = whole.indexOf(part, at);
          expect(found).toBeGreaterThanOrEqual(0);
          expect(whole.slice(at, found).trim()).toBe('');
          at = found + part.length;
        }
        expect(whole.slice(at).trim()).toBe('');
      }),
    );
  });
});
