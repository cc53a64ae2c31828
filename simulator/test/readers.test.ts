import { describe, expect, test } from 'vitest';
import { readKeyword } from '../src/keywords.ts';
import { readOverrides } from '../src/webhooks/overrides.ts';
import { readTwiml } from '../src/webhooks/twiml.ts';

describe('connection overrides', () => {
  const defaults = {
    connectTimeout: 5000,
    readTimeout: 15_000,
    totalTime: 15_000,
    retryCount: 1,
    warning: null,
  };
  test.each([
    ['', { ...defaults, retryOn: ['ct'] }],
    ['rc=3&rp=all&ct=2000', { ...defaults, connectTimeout: 2000, retryCount: 3, retryOn: ['all'] }],
    ['rc=9&rt=1&tt=99999', { ...defaults, retryCount: 5, readTimeout: 100, retryOn: ['ct'] }],
    ['rp=4xx,5xx', { ...defaults, retryOn: ['4xx', '5xx'] }],
    ['rp=never', { ...defaults, retryOn: ['ct'], warning: 11243 }],
    ['e=dublin,tokyo-ix', { ...defaults, retryOn: ['ct'] }],
    ['e=moon', { ...defaults, retryOn: ['ct'], warning: 11240 }],
    ['section-2', { ...defaults, retryOn: ['ct'] }],
  ])('#%s', (fragment, expected) => {
    const read = readOverrides(fragment);
    expect({ ...read, retryOn: [...read.retryOn] }).toEqual(expected);
  });
});

describe('TwiML', () => {
  const read = (body: string, contentType = 'text/xml') =>
    readTwiml({ status: 200, contentType, body, location: null });
  const plain = { media: [], to: null, from: null, statusCallback: null };

  test.each([
    ['', []],
    ['<?xml version="1.0" encoding="UTF-8"?><Response/>', []],
    [
      '<Response><Message>Hi &amp; &lt;bye&gt; 👍</Message></Response>',
      [{ ...plain, body: 'Hi & <bye> 👍' }],
    ],
    [
      '<Response>\n <Message>\n  <Body>1</Body><Media>http://x.test/a.png</Media>\n </Message>\n</Response>',
      [{ ...plain, body: '1', media: ['http://x.test/a.png'] }],
    ],
    [
      '<Response><!-- why --><Message>007</Message><Message>b</Message></Response>',
      [
        { ...plain, body: '007' },
        { ...plain, body: 'b' },
      ],
    ],
    [
      '<Response><Message to="+15550001111" from="+15550002222" action="/done">x</Message></Response>',
      [{ body: 'x', media: [], to: '+15550001111', from: '+15550002222', statusCallback: '/done' }],
    ],
  ])('%s', (xml, replies) => {
    expect(read(xml)).toEqual({ replies, redirect: null, failure: null, warning: null });
  });

  test.each([
    ['not xml', 'text/xml', 12100],
    ['<Response><Message>', 'text/xml', 12100],
    ['<Reply/>', 'text/xml', 12102],
    ['{"a":1}', 'application/json', 12300],
    ['<Response/>', '', 12300],
    [`<Response><Message>${'a'.repeat(65_600)}</Message></Response>`, 'text/xml', 11750],
  ])('refuses %.20s as %s with %i', (body, contentType, code) => {
    expect(read(body, contentType).failure?.code).toBe(code);
  });

  test('text/plain is the reply itself', () => {
    expect(read('OK', 'text/plain; charset=utf-8').replies).toEqual([{ ...plain, body: 'OK' }]);
  });

  test('a verb in the wrong case is left out with a warning', () => {
    const { replies, warning } = read('<Response><message>x</message></Response>');
    expect([replies, warning?.code]).toEqual([[], 12200]);
  });

  test('a redirect ends the document', () => {
    const { replies, redirect } = read(
      '<Response><Redirect method="GET"> /b </Redirect><Message>x</Message></Response>',
    );
    expect([replies, redirect]).toEqual([[], { url: '/b', method: 'GET' }]);
  });
});

test.each([
  ['STOP', '+14155550100', 'STOP'],
  [' stopall ', '+14155550100', 'STOP'],
  ['Revoke', '+14155550100', 'STOP'],
  ['optout', '+14155550100', 'STOP'],
  ['OPT OUT', '+14155550100', null],
  ['stop please', '+14155550100', null],
  ['STOP!', '+14155550100', null],
  ['yes', '+14155550100', 'START'],
  ['unstop', '+14155550100', 'START'],
  ['Info', '+14155550100', 'HELP'],
  ['STOP', '+18885550100', 'STOP'],
  ['YES', '+18885550100', null],
  ['HELP', '+18885550100', null],
  ['UNSTOP', '+18885550100', 'START'],
])('%s to %s is %s', (body, number, keyword) => {
  expect(readKeyword(body, number)).toBe(keyword);
});
