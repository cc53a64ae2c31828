import { describe, expect, test } from 'vitest';
import { readOptions } from '../src/options.ts';

const readFile = (path: string) => {
  if (path === 'token-file') return 'td_from_file\n';
  throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
};
const read = (line: string[], env: Record<string, string> = {}) => readOptions(line, env, readFile);
const from = ['--server', 'https://sms.example.org', '--token', 'td_1'];
const problems = (line: string[], env = {}) => {
  const asked = read(line, env);
  return asked.ask === 'nothing' ? asked.problems : [];
};
const options = (line: string[], env = {}) => {
  const asked = read(line, env);
  if (asked.ask !== 'run') throw new Error(JSON.stringify(asked));
  return asked.options;
};

test('little has to be said', () => {
  expect(options(from, { XDG_STATE_HOME: '/state' })).toEqual({
    server: 'https://sms.example.org',
    token: 'td_1',
    tokenInView: true,
    target: { kind: 'stdout' },
    reply: false,
    spool: '/state/trunkline-device',
    concurrency: 1,
    timeoutMs: 300_000,
    verbose: false,
  });
});

test('everything can be said', () => {
  const line = [
    '--server=http://127.0.0.1:8080',
    '--token-file',
    'token-file',
    '--exec',
    './on-text.sh --loud',
    '--reply',
  ];
  expect(options([...line, '--spool', '/s', '--concurrency', '4', '--timeout=9', '--verbose'])).toEqual({
    server: 'http://127.0.0.1:8080',
    token: 'td_from_file',
    tokenInView: false,
    target: { kind: 'exec', command: './on-text.sh --loud' },
    reply: true,
    spool: '/s',
    concurrency: 4,
    timeoutMs: 9_000,
    verbose: true,
  });
});

test('the environment says what the line does not', () => {
  const env = { TRUNKLINE_SERVER: 'https://a.example', TRUNKLINE_TOKEN: 'td_env' };
  expect(options([], env)).toMatchObject({
    server: 'https://a.example',
    token: 'td_env',
    tokenInView: false,
  });
  expect(options(['--token-file', 'token-file'], env).token).toBe('td_from_file');
  expect(options(from, env)).toMatchObject({ server: 'https://sms.example.org', token: 'td_1' });
});

describe('what is wrong is said in a sentence', () => {
  test.each([
    [[...from, '--nope'], ['There is no flag --nope; --help shows them all.']],
    [[...from, '-x'], ['There is no flag -x; --help shows them all.']],
    [[...from, 'echo'], ['“echo” belongs to no flag; put a command with spaces in quotes.']],
    [[...from, '--exec'], ['--exec needs a value behind it.']],
    [[...from, '--exec', '--reply'], ['--exec needs a value behind it.']],
    [[...from, '--server', 'https://b.example'], ['--server is given more than once.']],
    [[...from, '--reply=yes', '--exec', 'cat'], ['--reply takes no value.']],
    [[...from, '--reply'], ['--reply needs --exec or --post: nobody answers on standard output.']],
    [
      [...from, '--exec', 'cat', '--post', 'http://127.0.0.1'],
      ['Texts go to one place: choose one of --exec and --post.'],
    ],
    [[...from, '--post', 'localhost:80'], ['--post is an address that begins with http:// or https://.']],
    [[...from, '--concurrency', '0'], ['--concurrency is a whole number from 1 to 100.']],
    [[...from, '--timeout', '5s'], ['--timeout is a whole number from 1 to 86400.']],
    [[...from, '--token-file', 'token-file'], ['Give --token or --token-file, not both.']],
    [
      ['--server', 'sms', '--token', 'td_1'],
      ['--server is an address that begins with https:// or http://.'],
    ],
    [
      ['--server', 'http://a', '--token', 'abc'],
      ['That is no token of a device: one begins with td_ and has no spaces.'],
    ],
    [['--server', 'http://a', '--token-file', 'gone'], ['The file of --token-file cannot be read (ENOENT).']],
  ])('%j', (line, expected) => {
    expect(problems(line)).toEqual(expected);
  });

  test('all at once, and without the values of secrets', () => {
    const found = problems(['--token', 'secret', '--timeout', '-1', '--nope', '--post', 'x']);
    expect(found).toHaveLength(5);
    expect(found.join()).not.toContain('secret');
  });
});

test('help and version win over what is wrong', () => {
  expect(read(['--help', '--nope'])).toEqual({ ask: 'help' });
  expect(read(['--version'])).toEqual({ ask: 'version' });
});
