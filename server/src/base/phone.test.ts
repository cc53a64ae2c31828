import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePhone, parseSender } from './phone.ts';

describe('parsePhone', () => {
  test.each([
    ['+14155550100', '+14155550100', 'US'],
    [' +1 (415) 555-0100 ', '+14155550100', 'US'],
    ['+1.415.555.0100', '+14155550100', 'US'],
    ['+1 415\u2011555\u20110100', '+14155550100', 'US'],
    ['+44 (0)20 7946 0018', '+442079460018', 'GB'],
    ['+49 30/123456', '+4930123456', 'DE'],
    // Numbers that exist only for tests are in no assigned range.
    ['+15005550006', '+15005550006', 'US'],
    ['+15558675310', '+15558675310', null],
    ['+80012345678', '+80012345678', null],
    ['whatsapp:+14155238886', 'whatsapp:+14155238886', 'US'],
    ['WhatsApp: +1 415 523 8886', 'whatsapp:+14155238886', 'US'],
    ['rcs:+14155550100', 'rcs:+14155550100', 'US'],
    ['messenger:108123', 'messenger:108123', null],
  ])('reads %j', (input, e164, country) => {
    expect(parsePhone(input)).toEqual({ ok: true, e164, country });
  });

  test('keeps the digits of a channel address as the channel writes them', () => {
    expect(parsePhone('+5215512345678').ok).toBe(false);
    expect(parsePhone('whatsapp:+5215512345678')).toMatchObject({
      ok: true,
      e164: 'whatsapp:+5215512345678',
    });
  });

  test.each([
    ['4155550100', 'country code'],
    ['(415) 555-0100', 'country code'],
    ['0044 20 7946 0018', '00'],
    ['12345', 'country code'],
    ['+1415', 'digits'],
    ['+141555501001', 'digits'],
    ['+999123456789', 'No country'],
    ['+1 415 555 0100 ext 5', 'only digits'],
    ['+1 800 FLOWERS', 'only digits'],
    ['', 'not a phone number'],
    ['ACME', 'not a phone number'],
    ['whatsapp:4155238886', 'whatsapp'],
    ['whatsapp:', 'whatsapp'],
    ['tel:+14155550100', 'channels'],
    ['messenger:a b', 'messenger'],
    [`+1${'5'.repeat(200)}`, 'too long'],
  ])('refuses %j', (input, words) => {
    const parsed = parsePhone(input);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.problem).toContain(words);
  });

  test('never throws, answers the same again, and its answer is a fixed point', () => {
    const written = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^\+?[0-9 ().-]{0,20}$/),
      fc.stringMatching(/^(whatsapp|rcs|messenger):\+?[0-9]{0,16}$/),
    );
    fc.assert(
      fc.property(written, (input) => {
        const parsed = parsePhone(input);
        expect(parsePhone(input)).toEqual(parsed);
        if (parsed.ok) expect(parsePhone(parsed.e164)).toEqual(parsed);
        else expect(parsed.problem.length).toBeGreaterThan(10);
      }),
      { numRuns: 500 },
    );
  });
});

describe('parseSender', () => {
  test.each([
    ['+1 415 555 0100', '+14155550100', 'phone', 'US'],
    ['12345', '12345', 'short_code', null],
    ['123', '123', 'short_code', null],
    ['12345678', '12345678', 'short_code', null],
    ['ACME', 'ACME', 'alphanumeric', null],
    ['A1 & B-2_+', 'A1 & B-2_+', 'alphanumeric', null],
    ['whatsapp:+14155238886', 'whatsapp:+14155238886', 'channel', 'US'],
    ['rcs:brand_agent', 'rcs:brand_agent', 'channel', null],
    ['RCS:+14155550100', 'rcs:+14155550100', 'channel', 'US'],
  ])('reads %j', (input, address, kind, country) => {
    expect(parseSender(input)).toEqual({ ok: true, address, kind, country });
  });

  test.each(['12', '123456789', 'TwelveLetter', 'Café', 'Foo:1', '', '+1415'])('refuses %j', (input) => {
    expect(parseSender(input).ok).toBe(false);
  });
});
