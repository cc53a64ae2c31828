import fc from 'fast-check';
import twilio from 'twilio';
import { describe, expect, test } from 'vitest';
import type { Verification } from '../provider.ts';
import { sign, signedParameters } from './signature.ts';
import { verifyTwilio } from './verify.ts';

const form = 'application/x-www-form-urlencoded';
const U = 'https://mycompany.com/myapp.php?foo=1&bar=2';
const at = (authority: string, scheme = 'https') => `${scheme}://${authority}/myapp.php?foo=1&bar=2`;
const call = (caller: string) => ({
  CallSid: 'CA1234567890ABCDE',
  Caller: caller,
  Digits: '1234',
  From: caller,
  To: '+18005551212',
});
const P = call('+14158675309');
const inbound = {
  ToCountry: 'US',
  ToState: 'CA',
  SmsMessageSid: 'SM00000000000000000000000000000001',
  NumMedia: '0',
  ToCity: '',
  FromZip: '94103',
  SmsSid: 'SM00000000000000000000000000000001',
  FromState: 'CA',
  SmsStatus: 'received',
  FromCity: 'SAN FRANCISCO',
  Body: 'Hello 👍 & = + ünïcode',
  FromCountry: 'US',
  To: '+15558675310',
  ToZip: '',
  NumSegments: '1',
  MessageSid: 'SM00000000000000000000000000000001',
  AccountSid: `AC${'0'.repeat(32)}`,
  From: '+14017122661',
  ApiVersion: '2010-04-01',
};
const inboundUrl = 'https://sms.example.org/webhooks/twilio/inbound?tenant=a%2Fb';
const inboundToken = '0123456789abcdef0123456789abcdef';
const propertyHash = '0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620';
const emptyHash = '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';
const propertyBody = '{"property": "value", "boolean": true}';

type Params = Record<string, string | string[]>;

function toForm(params: Params): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    for (const one of Array.isArray(value) ? value : [value]) form.append(name, one);
  }
  return form.toString();
}

function check(url: string, params: Params | string, signature: string, tokens = ['12345']): Verification {
  const json = typeof params === 'string';
  const rawBody = json ? params : toForm(params);
  return verifyTwilio(
    { urls: [url], rawBody, signature, contentType: json ? 'application/json' : form },
    tokens,
  );
}

describe("Twilio's vectors", () => {
  test.each<[string, string, Params | string, string, string?]>([
    ['1', U, P, 'RSOYDt4T1cUTdK1PDd93/VVr8B8='],
    ['2', at('mycompany.com:443'), P, 'kvajT1Ptam85bY51eRf/AJRuM3w='],
    ['2, checked without the port', U, P, 'kvajT1Ptam85bY51eRf/AJRuM3w='],
    ['3', at('mycompany.com:80', 'http'), P, '0ZXoZLH/DfblKGATFgpif+LLRf4='],
    ['3, checked without the port', at('mycompany.com', 'http'), P, '0ZXoZLH/DfblKGATFgpif+LLRf4='],
    ['4', at('mycompany.com:1234', 'http'), P, 'Zmvh+3yNM1Phv2jhDCwEM3q5ebU='],
    ['5', at('user:pass@mycompany.com'), P, 'CukzLTc1tT5dXEDIHm/tKBanW10='],
    ['6', at('user@mycompany.com'), P, '2YRLlVAflCqxaNicjMpJcSTgzSs='],
    ['7', at('user:pass@mycompany.com:443'), P, 'ZQFR1PTIZXF2MXB8ZnKCvnnA+rI='],
    ['7, checked without the port', at('user:pass@mycompany.com'), P, 'ZQFR1PTIZXF2MXB8ZnKCvnnA+rI='],
    ['8', `${U}&Body=It%27s+amazing`, P, 'TfZzewPq8wqrGlMfyAud8+/IvJ0='],
    ['8, checked with a raw quote', `${U}&Body=It's+amazing`, P, 'TfZzewPq8wqrGlMfyAud8+/IvJ0='],
    [
      '9',
      U,
      { 'MessagingBinding.Address': ['+1325xxxxxxx', '+1415xxxxxxx'] },
      '83O6e2vORAoJHUNzJjDWN1jz+BA=',
    ],
    [
      '9, the other way round',
      U,
      { 'MessagingBinding.Address': ['+1415xxxxxxx', '+1325xxxxxxx'] },
      '83O6e2vORAoJHUNzJjDWN1jz+BA=',
    ],
    [
      '10',
      U,
      { Sid: 'CA123', SidAccount: 'AC123', Digits: ['5678', '1234', '1234'] },
      'IK+Dwps556ElfBT0I3Rgjkr1wJU=',
    ],
    ['11', `${U}&bodySHA256=${propertyHash}`, propertyBody, 'a9nBmqA0ju/hNViExpshrM61xv4='],
    [
      '12',
      `https://mycompany.com/myapp.php?bodySHA256=${propertyHash}`,
      propertyBody,
      'y77kIzt2vzLz71DgmJGsen2scGs=',
    ],
    ['13', `${U}&bodySHA256=${emptyHash}`, '{}', 'Ldidvp12m26NI7eqEvxnEpkd9Hc='],
    ['14', 'https://example.com/myapp.php?foo=1&bar=2', call('+14158675310'), 'L/OH5YylLD5NRKLltdqwSvS0BnU='],
    ['15', U, call('+12349013030'), '0/KCTR6DLpKmkAf8muzZqo1nDgQ='],
    ['16', U, {}, 'zYQTYrRWXE7LtzbG4PfP7/bkkGo='],
    ['17', inboundUrl, inbound, 'RaTGJ7StwTy79ix6Cog0pjg+AJA=', inboundToken],
  ])('%s', (_, url, params, signature, token = '12345') => {
    expect(check(url, params, signature, [token])).toEqual({ ok: true });
    expect(check(url, params, signature, ['other', token])).toEqual({ ok: true });
    expect(check(`${url}#rc=3&rp=all`, params, signature, [token])).toEqual({ ok: true });
    expect(check(url, params, signature, [`${token}6`]).ok).toBe(false);
    if (typeof params === 'string') expect(check(url, `${params} `, signature, [token]).ok).toBe(false);
    else expect(check(url, { ...params, More: '1' }, signature, [token]).ok).toBe(false);
  });

  test('the parameters parsed before are used as they are', () => {
    const signature = 'RaTGJ7StwTy79ix6Cog0pjg+AJA=';
    const request = { urls: [inboundUrl], rawBody: 'not looked at', signature, contentType: form };
    const params = new URLSearchParams(toForm(inbound));
    expect(verifyTwilio({ ...request, params }, [inboundToken])).toEqual({ ok: true });
  });

  test('an address without a port does not stand for one with a port of its own', () => {
    expect(check(at('mycompany.com', 'http'), P, 'Zmvh+3yNM1Phv2jhDCwEM3q5ebU=').ok).toBe(false);
  });

  test('a body that nothing covers is refused, though the address is signed', () => {
    const signature = 'zYQTYrRWXE7LtzbG4PfP7/bkkGo=';
    expect(check(U, '{"a":1}', signature)).toMatchObject({ ok: false, reason: 'altered_parameters' });
  });
});

describe('as the twilio package does it', () => {
  const word = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.constantFrom('', ' ', 'A', '_', 'a', "It's", '+1', '%27', 'é', 'toString'),
  );
  const name = word.filter((text) => text !== '' && text !== '__proto__');
  const value = fc.oneof(word, fc.array(word, { minLength: 2, maxLength: 4 }));
  const params = fc
    .array(fc.tuple(name, value), { maxLength: 8 })
    .map((pairs) => Object.fromEntries(pairs) as Params);
  const url = fc
    .record({
      scheme: fc.constantFrom('https://', 'http://'),
      user: fc.constantFrom('', 'user@', 'user:p%40ss@'),
      host: fc.constantFrom('example.org', 'Example.ORG', '127.0.0.1', '[::1]'),
      port: fc.constantFrom('', ':443', ':80', ':8443'),
      path: fc.constantFrom('', '/', '/a/b', '/a b', "/it's", '/ü'),
      query: fc.array(fc.tuple(word, word), { maxLength: 3 }),
      raw: fc.boolean(),
    })
    .map(({ scheme, user, host, port, path, query, raw }) => {
      const pairs = query.map(([n, v]) =>
        raw ? `${n}=${v}` : `${encodeURIComponent(n)}=${encodeURIComponent(v)}`,
      );
      const search = pairs.length > 0 ? `?${pairs.join('&').replaceAll('#', '')}` : '';
      return scheme + user + host + port + path + search;
    });
  const token = fc.stringMatching(/^[0-9a-f]{32}$/);

  test('what it signs is good', () => {
    fc.assert(
      fc.property(url, params, token, (address, sent, secret) => {
        const signature = twilio.getExpectedTwilioSignature(secret, address, sent);
        expect(check(address, sent, signature, [secret])).toEqual({ ok: true });
        expect(sign(secret, address + signedParameters(new URLSearchParams(toForm(sent))))).toBe(signature);
      }),
      { numRuns: 300 },
    );
  });

  test('and what was signed for one address is good for another exactly when it says so', () => {
    fc.assert(
      fc.property(url, url, params, token, fc.boolean(), (one, other, sent, secret, port) => {
        const near = port ? one.replace(/^(https?:\/\/[^/?]*?)(:\d+)?(?=[/?]|$)/, '$1:443') : other;
        const signature = twilio.getExpectedTwilioSignature(secret, near, sent);
        const expected = twilio.validateRequest(secret, signature, one, sent);
        expect(check(one, sent, signature, [secret]).ok).toBe(expected);
      }),
      { numRuns: 300 },
    );
  });

  test('never throws on any request', () => {
    const anything = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(
        fc.array(fc.oneof(anything, url), { maxLength: 3 }),
        anything,
        fc.oneof(anything, fc.base64String({ minLength: 28, maxLength: 28 }), fc.constant(null)),
        fc.option(anything),
        (urls, rawBody, signature, contentType) => {
          expect(verifyTwilio({ urls, rawBody, signature, contentType }, ['secret']).ok).toBe(false);
        },
      ),
    );
  });
});

describe('what is wrong', () => {
  const signed = (params: Params, url = inboundUrl) =>
    sign(inboundToken, url + signedParameters(new URLSearchParams(toForm(params))));
  const { ToCity: _city, ...withoutCity } = inbound;
  const { ToCity: _toCity, ToZip: _zip, ...withoutEmpty } = inbound;
  const https = 'https://sms.example.org/in';

  test.each<[string, string[], Params, string, string, string]>([
    [
      'another candidate',
      [inboundUrl, 'https://old.example.org/in?a=1'],
      inbound,
      signed(inbound, 'https://old.example.org/in?a=1'),
      'wrong_url',
      'https://old.example.org/in',
    ],
    [
      'the other scheme',
      [https],
      inbound,
      signed(inbound, 'http://sms.example.org/in'),
      'wrong_url',
      'http://sms.example.org/in',
    ],
    ['a slash at the end', [https], inbound, signed(inbound, `${https}/`), 'wrong_url', `${https}/`],
    [
      'a query added on the way',
      [inboundUrl],
      inbound,
      signed(inbound, 'https://sms.example.org/webhooks/twilio/inbound'),
      'wrong_url',
      'inbound',
    ],
    ['all empty ones dropped', [inboundUrl], withoutEmpty, signed(inbound), 'altered_parameters', 'dropped'],
    ['an empty one dropped', [inboundUrl], withoutCity, signed(inbound), 'altered_parameters', 'dropped'],
    ['one added', [inboundUrl], { ...inbound, hub: 'x' }, signed(inbound), 'altered_parameters', 'added'],
    [
      'white space trimmed',
      [inboundUrl],
      { ...inbound, Body: 'hi' },
      signed({ ...inbound, Body: 'hi ' }),
      'altered_parameters',
      'trimmed',
    ],
    [
      'line ends changed',
      [inboundUrl],
      { ...inbound, Body: 'a\nb' },
      signed({ ...inbound, Body: 'a\r\nb' }),
      'altered_parameters',
      'Line ends',
    ],
    [
      'decoded twice',
      [inboundUrl],
      { ...inbound, Body: 'a b' },
      signed({ ...inbound, Body: 'a+b' }),
      'altered_parameters',
      'twice',
    ],
    ['only the address signed', [inboundUrl], inbound, signed({}), 'altered_parameters', 'address alone'],
    ['another token', [inboundUrl], inbound, sign('other', inboundUrl), 'wrong_token', 'tokens'],
  ])('%s', (_, urls, params, signature, reason, words) => {
    const request = { urls, rawBody: toForm(params), signature, contentType: form };
    const verification = verifyTwilio(request, ['0'.repeat(32), inboundToken]);
    expect(verification).toMatchObject({ ok: false, reason });
    if (!verification.ok) {
      expect(verification.detail).toContain(words);
      expect(verification.detail).not.toContain(inboundToken);
      expect(verification.detail).not.toContain('4017122661');
    }
  });

  test('another account is named as such, and credentials in addresses are not shown', () => {
    const signature = sign('other', inboundUrl);
    const request = { urls: [inboundUrl], rawBody: toForm(inbound), signature, contentType: form };
    const verification = verifyTwilio({ ...request, accountSid: `AC${'1'.repeat(32)}` }, [inboundToken]);
    expect(verification).toMatchObject({
      reason: 'wrong_token',
      detail: expect.stringContaining('another account'),
    });
    const urls = ['https://user:pass@sms.example.org/in', 'https://user:pass@old.example.org/in'];
    const moved = verifyTwilio({ ...request, urls, signature: signed(inbound, urls[1]) }, [inboundToken]);
    expect(moved).toMatchObject({ reason: 'wrong_url', detail: expect.not.stringContaining('pass') });
  });

  test('when it may not look closer, it says what it knows', () => {
    const signature = signed(inbound, 'http://sms.example.org/webhooks/twilio/inbound?tenant=a%2Fb');
    const request = { urls: [inboundUrl], rawBody: toForm(inbound), signature, contentType: form };
    expect(verifyTwilio(request, [inboundToken], () => false)).toMatchObject({
      ok: false,
      reason: 'wrong_token',
    });
    expect(verifyTwilio(request, [inboundToken])).toMatchObject({ ok: false, reason: 'wrong_url' });
  });
});
