import { expect, test } from 'vitest';
import { fromThisMachine } from './from-this-machine.ts';

test.each([
  ['127.0.0.1', { host: '127.0.0.1:8080' }, true],
  ['::1', { host: '[::1]:8080' }, true],
  ['::ffff:127.0.0.1', { host: 'localhost' }, true],
  ['192.168.1.20', { host: 'localhost:8080' }, false],
  ['127.0.0.1', { host: 'abc.tunnel.example' }, false],
  ['127.0.0.1', { host: '127.0.0.1.evil.example' }, false],
  ['127.0.0.1', { host: 'localhost:8080', 'x-forwarded-for': '203.0.113.9' }, false],
  ['127.0.0.1', { host: 'localhost:8080', forwarded: 'for=203.0.113.9' }, false],
  ['127.0.0.1', {}, false],
  [undefined, { host: 'localhost' }, false],
])('from %s with %j: %s', (address, headers, expected) => {
  expect(fromThisMachine(new Headers(headers as Record<string, string>), address)).toBe(expected);
});
