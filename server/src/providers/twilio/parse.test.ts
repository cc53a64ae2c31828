import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseIncoming } from './parse-incoming.ts';
import { parseReceipt } from './parse-receipt.ts';

const required = { MessageSid: 'SM01', From: '+14017122661', To: '+15558675310' };
const id = '0198f000-0000-7000-8000-000000000001';

function incoming(more: Record<string, string> = {}) {
  const parsed = parseIncoming(new URLSearchParams({ ...required, ...more }));
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.text;
}

describe('parseIncoming', () => {
  test('the least there can be', () => {
    expect(incoming()).toEqual({
      providerSid: 'SM01',
      accountSid: '',
      from: '+14017122661',
      to: '+15558675310',
      body: '',
      mediaUrls: [],
      mediaTypes: [],
      segments: 1,
      optOut: null,
      extra: {},
    });
  });

  test.each(['MessageSid', 'From', 'To'])('needs %s', (name) => {
    const missing = parseIncoming(new URLSearchParams({ ...required, [name]: '' }));
    expect(missing).toEqual({ ok: false, problem: `The request has no ${name}.` });
  });

  test('the id under its older names', () => {
    const params = new URLSearchParams({ ...required, MessageSid: '', SmsSid: 'SM02' });
    expect(parseIncoming(params)).toMatchObject({ ok: true, text: { providerSid: 'SM02' } });
  });

  test.each(['2', '', 'rubbish', '0', '-1', '99'])(
    'media are found whatever NumMedia %j says',
    (NumMedia) => {
      const text = incoming({
        NumMedia,
        MediaUrl0: 'https://a/0',
        MediaUrl1: 'https://a/1',
        MediaContentType0: 'image/png',
      });
      expect(text.mediaUrls).toEqual(['https://a/0', 'https://a/1']);
      expect(text.mediaTypes).toEqual(['image/png', 'application/octet-stream']);
      expect(text.extra).toEqual({});
    },
  );

  test('ten media at most have a place; the eleventh is kept for the record', () => {
    const media = Object.fromEntries(
      Array.from({ length: 11 }, (_, at) => [`MediaUrl${at}`, `https://a/${at}`]),
    );
    const text = incoming({ NumMedia: '11', ...media });
    expect(text.mediaUrls.length).toBe(10);
    expect(text.extra).toEqual({ MediaUrl10: 'https://a/10' });
  });

  test.each([
    ['STOP', 'stop'],
    ['start', 'start'],
    ['HELP', 'help'],
    ['', null],
    ['OTHER', null],
  ])('OptOutType %j', (OptOutType, optOut) => {
    expect(incoming({ OptOutType }).optOut).toBe(optOut);
  });

  test.each([
    ['3', 3],
    ['', 1],
    ['0', 1],
    ['1e9', 1],
  ])('NumSegments %j', (NumSegments, segments) => {
    expect(incoming({ NumSegments }).segments).toBe(segments);
  });

  test('channel addresses keep their prefix, and what is not empty is kept', () => {
    const text = incoming({
      From: 'whatsapp:+14017122661',
      ProfileName: 'Ann',
      FromCity: '',
      __proto__x: 'y',
    });
    expect(text.from).toBe('whatsapp:+14017122661');
    expect(text.extra).toEqual({ ProfileName: 'Ann', __proto__x: 'y' });
  });

  test('NUL, which no database text can hold, is replaced and not lost', () => {
    expect(incoming({ Body: 'a\0b', Label: '\0' })).toMatchObject({
      body: 'a\ufffdb',
      extra: { Label: '\ufffd' },
    });
  });

  test('never throws on any parameters, and what it returns can be stored', () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 });
    const name = fc.oneof(
      text,
      fc.constantFrom(
        'MessageSid',
        'From',
        'To',
        'Body',
        'NumMedia',
        'NumSegments',
        'MediaUrl0',
        '__proto__',
        'OptOutType',
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, text), { maxLength: 12 }), (pairs) => {
        const params = new URLSearchParams(pairs);
        const parsed = parseIncoming(params);
        expect(JSON.stringify(parsed)).not.toContain('\\u0000');
        const receipt = parseReceipt(params, params);
        expect(JSON.stringify(receipt)).not.toContain('\\u0000');
        const raw = parseIncoming(new URLSearchParams(pairs.map((pair) => pair.join('=')).join('&')));
        expect(typeof raw.ok).toBe('boolean');
      }),
      { numRuns: 300 },
    );
  });
});

describe('parseReceipt', () => {
  const parse = (params: Record<string, string>, query = `id=${id}`) =>
    parseReceipt(
      new URLSearchParams({ MessageSid: 'SM01', MessageStatus: 'sent', ...params }),
      new URLSearchParams(query),
    );

  test.each([
    ['accepted', 'queued'],
    ['scheduled', 'queued'],
    ['queued', 'queued'],
    ['sending', 'sending'],
    ['sent', 'sent'],
    ['delivered', 'delivered'],
    ['undelivered', 'undelivered'],
    ['failed', 'failed'],
    ['read', 'read'],
    ['canceled', 'canceled'],
    ['partially_delivered', 'unknown'],
    ['received', 'unknown'],
    ['brand-new', 'unknown'],
  ])('%s is %s', (rawStatus, status) => {
    expect(parse({ MessageStatus: rawStatus })).toMatchObject({ ok: true, receipt: { status, rawStatus } });
  });

  test('codes and our id', () => {
    const receipt = { providerSid: 'SM01', messageId: id, status: 'failed', rawStatus: 'failed' };
    const failed = parse({ MessageStatus: 'failed', ErrorCode: '30003', ErrorMessage: 'Unreachable' });
    expect(failed).toEqual({
      ok: true,
      receipt: { ...receipt, errorCode: '30003', errorMessage: 'Unreachable' },
    });
    expect(parse({ ErrorCode: '0' })).toMatchObject({ receipt: { errorCode: null, errorMessage: null } });
  });

  test.each([
    ['', null],
    ['id=', null],
    ['id=1%20or%201', null],
    [`id=7&id=${id}`, id],
    [`id=${id.toUpperCase()}`, id],
  ])('the query %j', (query, messageId) => {
    expect(parse({}, query)).toMatchObject({ ok: true, receipt: { messageId } });
  });

  test('needs an id and a status', () => {
    expect(parse({ MessageSid: '' })).toMatchObject({
      ok: false,
      problem: expect.stringContaining('MessageSid'),
    });
    expect(parse({ MessageStatus: '' })).toMatchObject({
      ok: false,
      problem: expect.stringContaining('MessageStatus'),
    });
    expect(parse({ MessageStatus: '', SmsStatus: 'sent' })).toMatchObject({
      ok: true,
      receipt: { status: 'sent' },
    });
  });
});
