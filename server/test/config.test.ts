import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { BadSettings, readConfig, settings } from '../src/base/config.ts';
import { CannotStart } from '../src/base/errors.ts';

const real = {
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'one',
  PUBLIC_URL: 'https://sms.example.test',
};

const problemsOf = (environment: Record<string, string>): string[] => {
  try {
    readConfig(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(BadSettings);
    expect(error).toBeInstanceOf(CannotStart);
    return (error as BadSettings).problems;
  }
  return [];
};

describe('readConfig', () => {
  test('nothing set is demo mode, on loopback, with every default', () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      demo: true,
      host: '127.0.0.1',
      publicUrl: 'http://127.0.0.1:8080',
      dataDir: path.resolve('./data'),
      ROLES: ['web', 'worker'],
      TWILIO_AUTH_TOKEN: [],
    });
    for (const [name, one] of Object.entries(settings))
      expect(config[name as keyof typeof settings]).toEqual(one.default);
  });

  test('every setting has a sentence', () => {
    for (const one of Object.values(settings)) expect(one.sentence).toMatch(/^[A-Z].{15,}\.$/s);
  });

  test('real credentials close it: every interface, no demo', () => {
    expect(readConfig(real)).toMatchObject({ demo: false, host: '0.0.0.0', publicUrl: real.PUBLIC_URL });
  });

  test.each<[string, Record<string, string>, Record<string, unknown>]>([
    ['an empty variable is unset', { PORT: '', TWILIO_ACCOUNT_SID: ' ' }, { PORT: 8080, demo: true }],
    [
      'white space around a value goes',
      { PORT: ' 9000 ' },
      { PORT: 9000, publicUrl: 'http://127.0.0.1:9000' },
    ],
    [
      'a list of tokens while rotating',
      { ...real, TWILIO_AUTH_TOKEN: 'one, two,,' },
      { TWILIO_AUTH_TOKEN: ['one', 'two'] },
    ],
    [
      'slashes at the end of an address go',
      { PUBLIC_URL: 'https://a.test/sms//' },
      { publicUrl: 'https://a.test/sms' },
    ],
    ['one role', { ROLES: 'worker' }, { ROLES: ['worker'] }],
    [
      'a bucket for media',
      { S3_BUCKET: 'texts', S3_ACCESS_KEY_ID: 'AKIA0', S3_SECRET_ACCESS_KEY: 'hush' },
      {
        s3: {
          bucket: 'texts',
          region: 'us-east-1',
          endpoint: null,
          accessKeyId: 'AKIA0',
          secretAccessKey: 'hush',
        },
      },
    ],
    ['another loopback address in demo mode', { HOST: '::1' }, { host: '::1' }],
  ])('%s', (_, environment, expected) => {
    expect(readConfig(environment)).toMatchObject(expected);
  });

  test.each<[string, Record<string, string>, string]>([
    ['PORT', { PORT: '65536' }, 'PORT must be a whole number from 0 to 65535, not "65536".'],
    ['PORT', { PORT: '80.5' }, 'PORT must be a whole number from 0 to 65535, not "80.5".'],
    ['PUBLIC_URL', { PUBLIC_URL: 'ftp://x' }, 'PUBLIC_URL must be an http or https address, not "ftp://x".'],
    [
      'LOG_LEVEL',
      { LOG_LEVEL: 'loud' },
      'LOG_LEVEL must be one of debug, info, warn, error, silent, not "loud".',
    ],
    ['ROLES', { ROLES: 'web,cook' }, 'ROLES must be one of web, worker, not "web,cook".'],
    ['ROLES', { ROLES: ',' }, 'ROLES must name web, worker or both.'],
    [
      'a national number',
      { TWILIO_PHONE_NUMBER: '415 555 0100' },
      'TWILIO_PHONE_NUMBER must be a phone number like +14155550100, not "415 555 0100".',
    ],
    [
      'no token',
      { ...real, TWILIO_AUTH_TOKEN: '' },
      'TWILIO_AUTH_TOKEN is required with TWILIO_ACCOUNT_SID.',
    ],
    [
      'no public address',
      { ...real, PUBLIC_URL: '' },
      'PUBLIC_URL is required with TWILIO_ACCOUNT_SID: webhook signatures are checked over it.',
    ],
    [
      'a bucket without its keys',
      { S3_BUCKET: 'texts', S3_ACCESS_KEY_ID: 'AKIA0' },
      'S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY are required with S3_BUCKET.',
    ],
    [
      'demo mode open to a network',
      { HOST: '0.0.0.0' },
      'HOST must be a loopback address in demo mode, which accepts unsigned webhooks. Set TWILIO_ACCOUNT_SID to open it to a network.',
    ],
  ])('refuses %s', (_, environment, problem) => {
    expect(problemsOf(environment)).toEqual([problem]);
  });

  test('says all problems at once', () => {
    const problems = problemsOf({
      PORT: 'x',
      SIMULATOR_PORT: '0',
      SEND_ATTEMPTS: '-1',
      ADMIN_TOKEN: 'short',
      TWILIO_ACCOUNT_SID: 'AC1',
    });
    expect(problems.map((one) => one.split(' ')[0])).toEqual([
      'PORT',
      'ADMIN_TOKEN',
      'TWILIO_ACCOUNT_SID',
      'SIMULATOR_PORT',
      'SEND_ATTEMPTS',
      'TWILIO_AUTH_TOKEN',
      'PUBLIC_URL',
    ]);
  });

  test('a malformed account SID never becomes demo mode', () => {
    expect(problemsOf({ TWILIO_ACCOUNT_SID: 'oops' }).length).toBeGreaterThan(0);
  });

  test('never repeats a secret', () => {
    const secrets = { ADMIN_TOKEN: 'hush-1', SECRET_KEY: 'hush-2', DATABASE_URL: 'mysql://u:hush-3@h/d' };
    const problems = problemsOf({ ...secrets, PORT: 'x' });
    expect(problems).toHaveLength(4);
    expect(problems.join()).not.toMatch(/hush/);
    const marked = Object.entries(settings).filter(([, one]) => 'secret' in one);
    expect(marked.map(([name]) => name)).toEqual([
      'DATABASE_URL',
      'ADMIN_TOKEN',
      'SECRET_KEY',
      'TWILIO_AUTH_TOKEN',
      'OPENAI_API_KEY',
      'ANTHROPIC_API_KEY',
      'S3_SECRET_ACCESS_KEY',
    ]);
  });
});
