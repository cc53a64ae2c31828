import { expect, test } from 'vitest';
import { listed } from './listed.ts';

test.each([
  [[], ''],
  [['Anda'], 'Anda'],
  [['Anda', 'Bo'], 'Anda and Bo'],
  [['Anda', 'Bo', 'Cleo', 'Dag'], 'Anda, Bo, Cleo and Dag'],
  [['Anda', 'Bo', 'Cleo', 'Dag', 'Eli'], 'Anda, Bo, Cleo and 2 others'],
])('%j is said %s', (names, said) => {
  expect(listed(names)).toBe(said);
});
