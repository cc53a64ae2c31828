import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calculate } from './calculate.ts';

test.each([
  ['what is 12*7', '12 * 7', 84],
  ["What's 12 x 7?", '12 * 7', 84],
  ['how much is (1+2)*3', '(1 + 2) * 3', 9],
  ['calculate 0.1 + 0.2', '0.1 + 0.2', 0.3],
  ['what is 20 divided by 8', '20 / 8', 2.5],
  ['3 plus 4 times 2', '3 + 4 * 2', 11],
  ['2 - 5 =', '2 - 5', -3],
  ['10 / 4', '10 / 4', 2.5],
  ['what is 7 - -2', '7 - -2', 9],
  ['what is 1/0', '1 / 0', Number.POSITIVE_INFINITY],
  ['what is 10-2-3', '10 - 2 - 3', 5],
])('%s', (text, expression, value) => expect(calculate(text)).toEqual({ expression, value }));

test.each([
  '555-1234',
  '24/7',
  '2024-01-15',
  '+1 555 0100',
  '12',
  'what is 12',
  'what is this',
  '1+',
  'what is 3 4 + 5',
  'room 4 + breakfast',
  '(1+2',
  'what is (1+2',
  '',
  'what is 1..2 + 3',
  'what is 0/0',
  `what is ${'('.repeat(5_000)}1+1`,
])('no sum: %s', (text) => expect(calculate(text)).toBeNull());

test('as JavaScript does it, and never throws', () => {
  const number = fc.nat(99);
  const sum = fc.array(fc.tuple(fc.constantFrom('+', '-', '*'), number), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(number, sum, (first, rest) => {
      const text = `${first}${rest.map(([sign, n]) => ` ${sign} ${n}`).join('')}`;
      const expected = new Function(`return ${text}`)() as number;
      expect(calculate(`what is ${text}`)?.value).toBe(Number(expected.toPrecision(12)));
    }),
  );
  fc.assert(
    fc.property(fc.stringMatching(/^[-+*/().\d ]{0,40}$/), (text) => void calculate(`what is ${text}`)),
  );
});
