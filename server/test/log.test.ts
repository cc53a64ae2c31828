import { describe, expect, test } from 'vitest';
import { createLog, type Log } from '../src/base/log.ts';

type Level = Parameters<typeof createLog>[0];

const logged = (level: Level, write: (log: Log) => void): string => {
  let text = '';
  write(
    createLog(level, {
      write: (line) => {
        text += line;
      },
    }),
  );
  return text;
};

/** An error as PostgreSQL's driver throws it: the row's values are in `detail`, the statement's in `where`. */
const ofDriver = () =>
  Object.assign(new Error('duplicate key value for +14155550100'), {
    code: '23505',
    detail: 'Key (to_address, body)=(+14155550100, my secret diagnosis) already exists.',
    where: 'my secret diagnosis',
  });

describe('createLog', () => {
  test('one JSON object a line, with level, time and text', () => {
    const line = JSON.parse(logged('info', (log) => log.info({ count: 3 }, 'sweeping')));
    expect(line).toEqual({ level: 'info', time: expect.any(String), count: 3, msg: 'sweeping' });
    expect(new Date(line.time).toISOString()).toBe(line.time);
  });

  test('says what is at or above its level', () => {
    const all = (log: Log) => {
      log.debug({}, 'one');
      log.info({}, 'two');
      log.warn({}, 'three');
      log.error({}, 'four');
    };
    const words = (level: Level) => [...logged(level, all).matchAll(/"msg":"(\w+)"/g)].map((one) => one[1]);
    expect(words('debug')).toEqual(['one', 'two', 'three', 'four']);
    expect(words('warn')).toEqual(['three', 'four']);
    expect(words('error')).toEqual(['four']);
    expect(words('silent')).toEqual([]);
  });

  const secret = 'my secret diagnosis';
  test.each<[string, Record<string, unknown>]>([
    ['body', { body: secret }],
    ['text', { text: secret }],
    ['from and to', { from: secret, to: secret }],
    ['contact', { contact: { name: secret } }],
    ['phoneNumber', { phoneNumber: secret }],
    [
      'token, key, password, authorization',
      { token: secret, key: secret, password: secret, authorization: secret },
    ],
    ['nested', { message: { body: secret } }],
    ['nested in headers', { headers: { authorization: secret } }],
    [
      'a number anywhere in a field',
      { url: `/v1/phones/+14155550100`, of: { phone: 'whatsapp:+14155550100' } },
    ],
    ['a number in an address, encoded', { target: '/hook?from=%2B14155550100' }],
    ['an error', { error: ofDriver() }],
    ['what is thrown and is no error', { error: 'no route to +14155550100' }],
  ])('redacts %s', (_, fields) => {
    for (const level of ['info', 'error'] as const)
      expect(logged(level, (log) => log.error(fields, 'it failed'))).not.toMatch(/diagnosis|4155550100/);
  });

  test('redacts a number in the text itself', () => {
    expect(logged('info', (log) => log.info({}, 'texting +14155550100 now'))).toMatch(
      /"texting \+14…00 now"/,
    );
  });

  test('keeps what helps: name, message without numbers, code, stack; ids and times', () => {
    const id = '0190a3a0-0000-7000-8000-000000000000';
    const line = JSON.parse(
      logged('info', (log) => log.error({ error: ofDriver(), messageId: id }, 'it failed')),
    );
    expect(line.error).toEqual({
      name: 'Error',
      message: 'duplicate key value for +14…00',
      code: '23505',
      stack: expect.stringContaining('log.test.ts'),
    });
    expect(line.messageId).toBe(id);
  });

  test('an error that carries a request with its credentials is reduced too', () => {
    const error = Object.assign(new Error('Request failed'), {
      config: { headers: { authorization: secret } },
    });
    expect(logged('debug', (log) => log.error({ error }, 'it failed'))).not.toMatch(/diagnosis/);
  });

  test('debug shows texts, which is what it is for', () => {
    expect(logged('debug', (log) => log.debug({ body: secret }, 'received'))).toContain(secret);
  });
});
