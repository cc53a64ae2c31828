import fc from 'fast-check';
import twilio from 'twilio';
import { describe, expect, test } from 'vitest';
import { type Params, sign } from '../src/webhooks/sign.ts';

const url = 'https://mycompany.com/myapp.php?foo=1&bar=2';
const call = (from: string): Params => [
  ['CallSid', 'CA1234567890ABCDE'],
  ['Caller', from],
  ['Digits', '1234'],
  ['From', from],
  ['To', '+18005551212'],
];
const usual = call('+14158675309');
const sid = 'SM00000000000000000000000000000001';
const inbound: Params = [
  ['ToCountry', 'US'],
  ['ToState', 'CA'],
  ['SmsMessageSid', sid],
  ['NumMedia', '0'],
  ['ToCity', ''],
  ['FromZip', '94103'],
  ['SmsSid', sid],
  ['FromState', 'CA'],
  ['SmsStatus', 'received'],
  ['FromCity', 'SAN FRANCISCO'],
  ['Body', 'Hello 👍 & = + ünïcode'],
  ['FromCountry', 'US'],
  ['To', '+15558675310'],
  ['ToZip', ''],
  ['NumSegments', '1'],
  ['MessageSid', sid],
  ['AccountSid', `AC${'0'.repeat(32)}`],
  ['From', '+14017122661'],
  ['ApiVersion', '2010-04-01'],
];
const sha = '0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620';
const emptySha = '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';

const vectors: [number, url: string, params: Params, signature: string, token?: string][] = [
  [1, url, usual, 'RSOYDt4T1cUTdK1PDd93/VVr8B8='],
  [2, url.replace('.com', '.com:443'), usual, 'kvajT1Ptam85bY51eRf/AJRuM3w='],
  [3, url.replace('https', 'http').replace('.com', '.com:80'), usual, '0ZXoZLH/DfblKGATFgpif+LLRf4='],
  [4, url.replace('https', 'http').replace('.com', '.com:1234'), usual, 'Zmvh+3yNM1Phv2jhDCwEM3q5ebU='],
  [5, url.replace('//', '//user:pass@'), usual, 'CukzLTc1tT5dXEDIHm/tKBanW10='],
  [6, url.replace('//', '//user@'), usual, '2YRLlVAflCqxaNicjMpJcSTgzSs='],
  [7, url.replace('//', '//user:pass@').replace('.com', '.com:443'), usual, 'ZQFR1PTIZXF2MXB8ZnKCvnnA+rI='],
  [8, `${url}&Body=It%27s+amazing`, usual, 'TfZzewPq8wqrGlMfyAud8+/IvJ0='],
  [
    9,
    url,
    [
      ['MessagingBinding.Address', '+1415xxxxxxx'],
      ['MessagingBinding.Address', '+1325xxxxxxx'],
    ],
    '83O6e2vORAoJHUNzJjDWN1jz+BA=',
  ],
  [
    10,
    url,
    [
      ['Sid', 'CA123'],
      ['SidAccount', 'AC123'],
      ['Digits', '5678'],
      ['Digits', '1234'],
      ['Digits', '1234'],
    ],
    'IK+Dwps556ElfBT0I3Rgjkr1wJU=',
  ],
  [11, `${url}&bodySHA256=${sha}`, [], 'a9nBmqA0ju/hNViExpshrM61xv4='],
  [12, `https://mycompany.com/myapp.php?bodySHA256=${sha}`, [], 'y77kIzt2vzLz71DgmJGsen2scGs='],
  [13, `${url.replace('.com', '.com:443')}&bodySHA256=${emptySha}`, [], 'Ldidvp12m26NI7eqEvxnEpkd9Hc='],
  [14, 'https://example.com/myapp.php?foo=1&bar=2', call('+14158675310'), 'L/OH5YylLD5NRKLltdqwSvS0BnU='],
  [15, url, call('+12349013030'), '0/KCTR6DLpKmkAf8muzZqo1nDgQ='],
  [16, url, [], 'zYQTYrRWXE7LtzbG4PfP7/bkkGo='],
  [
    17,
    'https://sms.example.org/webhooks/twilio/inbound?tenant=a%2Fb',
    inbound,
    'RaTGJ7StwTy79ix6Cog0pjg+AJA=',
    '0123456789abcdef0123456789abcdef',
  ],
];

describe('the vectors of the reference sheet', () => {
  test.each(vectors)('number %i', (_number, signed, params, signature, token = '12345') => {
    expect(sign(token, signed, params)).toBe(signature);
  });
});

test('any parameters are signed as the twilio package signs them', () => {
  const pairs = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1 }), fc.string({ unit: 'grapheme' })), {
    selector: ([name]) => name,
  });
  fc.assert(
    fc.property(pairs, fc.string({ minLength: 1 }), (params, token) => {
      const record = Object.assign(Object.create(null), Object.fromEntries(params));
      expect(sign(token, url, params)).toBe(twilio.getExpectedTwilioSignature(token, url, record));
    }),
  );
});
