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
  expect(serviceLines(server, token).split('\n')).toEqual([
    'sudo npm install --global trunkline-device',
    'printf %s td_0123456789abcdef | sudo install -D -m 600 /dev/stdin /etc/trunkline-device/token',
    String.raw`printf '%b\n' '[Service]\nEnvironment=TRUNKLINE_SERVER=https://sms.example.com\nEnvironment=TRUNKLINE_COMMAND=/usr/local/bin/on-text' | sudo install -D -m 644 /dev/stdin /etc/systemd/system/trunkline-device.service.d/server.conf`,
    'sudo cp "$(sudo npm root --global)/trunkline-device/trunkline-device.service" /etc/systemd/system/',
    'sudo systemctl enable --now trunkline-device',
  ]);
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
