import { expect, test } from 'vitest';
import { isLoopback, runLines, serviceLines } from './commands.ts';

const server = 'https://sms.example.com';
const token = 'td_0123456789abcdef';

test('the token never stands in the command itself, where every user of the device could read it', () => {
  expect(runLines(server, token).split('\n')).toEqual([
    '(umask 077; printf %s td_0123456789abcdef > trunkline.token)',
    'npx trunkline-device --server https://sms.example.com --token-file trunkline.token',
  ]);
});

test('the service takes five lines, and the token stands only in its own file', () => {
  const lines = serviceLines(server, token).split('\n');
  expect(lines).toHaveLength(5);
  expect(lines[2]).toBe('printf %s td_0123456789abcdef | sudo tee /etc/trunkline-device/token > /dev/null');
  expect(lines[3]).toContain('--server https://sms.example.com --token-file /etc/trunkline-device/token');
  expect(lines[3]).not.toContain(token);
});

test('whatever an address or a token holds stays one word of the shell', () => {
  expect(runLines('https://a.example;reboot', "it's $(here)")).toBe(
    [
      `(umask 077; printf %s 'it'\\''s $(here)' > trunkline.token)`,
      `npx trunkline-device --server 'https://a.example;reboot' --token-file trunkline.token`,
    ].join('\n'),
  );
});

test.each([
  ['http://127.0.0.1:8080', true],
  ['http://localhost', true],
  ['http://[::1]:80', true],
  ['http://192.168.1.4:8080', false],
  ['https://127.example.com', false],
])('only this machine reaches %s: %s', (address, only) => {
  expect(isLoopback(address)).toBe(only);
});
