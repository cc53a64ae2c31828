import { expect, test } from 'vitest';
import { ownPath } from './own-path.ts';

test.each([
  ['/', '/'],
  ['/messages?status=failed', '/messages?status=failed'],
  ['/conversations/1?message=2#x', '/conversations/1?message=2#x'],
  ['//elsewhere.example', undefined],
  ['/\\elsewhere.example', undefined],
  ['/\t/elsewhere.example', undefined],
  ['/\n/elsewhere.example/a', undefined],
  ['https://elsewhere.example', undefined],
  ['javascript:alert(1)', undefined],
  ['', undefined],
])('%j leads to %j', (to, path) => {
  expect(ownPath(to, 'http://127.0.0.1:8080')).toBe(path);
});
