import { expect, test } from 'vitest';
import { phoneGroups } from './phone-groups.ts';

test.each([
  ['+15550100001', ['+1', '555', '010', '0001']],
  ['+4712345678', ['+47', '12', '34', '56', '78']],
  ['+353123456789', ['+353', '123', '456', '789']],
  ['12345', ['12345']],
  ['TRUNKLINE', ['TRUNKLINE']],
])('%s is read as %j', (number, groups) => {
  expect(phoneGroups(number)).toEqual(groups);
  expect(phoneGroups(number).join('')).toBe(number);
});
