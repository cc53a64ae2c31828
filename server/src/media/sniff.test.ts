import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { files, vcard } from '../../test/media-files.ts';
import { acceptedTypes } from './accepted-types.ts';
import { sniff } from './sniff.ts';

const html = '<!DOCTYPE html><html><body><script>alert(1)</script></body></html>';
const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';

describe('what a medium is, is told by its bytes', () => {
  test.each(files)('%s', async (_, bytes, announced, contentType) => {
    for (const said of [announced, 'image/png', 'application/octet-stream', 'nonsense', null])
      expect(await sniff(bytes, said)).toEqual({ ok: true, contentType });
  });

  test.each<[string, string | Buffer, string, string]>([
    ['a text', 'Hello ünïcode 👋\r\n\tand more', 'text/plain', 'text/plain; charset=utf-8'],
    [
      'a text that begins with a heart',
      '<3 you',
      'text/plain; charset=us-ascii',
      'text/plain; charset=utf-8',
    ],
    ['a text in an old encoding', Buffer.from('Grüße', 'latin1'), 'text/plain', 'text/plain'],
    ['a table', 'a,b\n1,2\n', 'TEXT/CSV', 'text/csv; charset=utf-8'],
    ['a card with a byte order mark', `\ufeff${vcard}`, 'text/directory', 'text/vcard; charset=utf-8'],
    ['a calendar', 'BEGIN:VCALENDAR\r\nEND:VCALENDAR', 'text/calendar', 'text/calendar; charset=utf-8'],
  ])('%s', async (_, bytes, announced, contentType) => {
    expect(await sniff(Buffer.from(bytes as string), announced)).toEqual({ ok: true, contentType });
  });

  test.each<[string, string | Buffer, string | null, RegExp]>([
    ['a page that says it is a picture', html, 'image/png', /announced as image\/png, but .* no type/],
    ['a page that says it is a text', html, 'text/plain', /no type/],
    ['a page that says what it is', html, 'text/html', /announced as text\/html/],
    ['a page after white space and a comment', `\n\n<!-- x -->${html}`, 'text/plain', /no type/],
    ['part of a page', '<script src=//x.test></script>', 'text/plain', /no type/],
    ['a drawing that can hold scripts', svg, 'image/svg+xml', /./],
    ['the same as a text', svg, 'text/plain', /./],
    ['the same, declared as XML', `<?xml version="1.0"?>${svg}`, 'text/plain', /./],
    ['a text that says it is a picture', 'Hello', 'image/png', /no type/],
    ['a text with controls', 'a\u0000b', 'text/plain', /no type/],
    [
      'a program',
      Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]),
      'image/jpeg',
      /x-msdownload, which is not/,
    ],
    ['an archive', Buffer.from('504b0506000000000000000000000000000000000000', 'hex'), 'image/jpeg', /zip/],
    ['nothing', '', 'image/png', /no type/],
    ['an odd announcement', 'x', 'image/png\r\nx: <b>', /announced as something unnamed/],
    ['no announcement', 'x', null, /announced as something unnamed/],
  ])('%s is refused', async (_, bytes, announced, reason) => {
    const sniffed = await sniff(Buffer.from(bytes as string), announced);
    expect(sniffed).toMatchObject({ ok: false });
    expect((sniffed as { reason: string }).reason).toMatch(reason);
    expect((sniffed as { reason: string }).reason).toMatch(/^[A-Z][^\n]*\.$/);
  });

  test('whatever the bytes and the announcement: an accepted type or a sentence, and never a page', async () => {
    const head = fc.constantFrom(
      '',
      '<html>',
      '\ufeff<!doctype html>',
      'GIF89a',
      '\u00ff\u00d8\u00ff',
      'BEGIN:VCARD\n',
    );
    await fc.assert(
      fc.asyncProperty(
        head,
        fc.uint8Array({ maxLength: 64 }),
        fc.string(),
        async (start, rest, announced) => {
          const sniffed = await sniff(Buffer.concat([Buffer.from(start, 'latin1'), rest]), announced);
          if (sniffed.ok) expect(acceptedTypes).toHaveProperty([sniffed.contentType.split(';')[0]!]);
          else expect(sniffed.reason).toMatch(/\.$/);
          if (/^(\ufeff)?<(!doctype|html)/.test(start)) expect(sniffed.ok).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });
});
