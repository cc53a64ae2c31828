import { isUtf8 } from 'node:buffer';
import { fileTypeFromBuffer } from 'file-type';
import { acceptedTypes, otherNames } from './accepted-types.ts';

export type Sniffed = { ok: true; contentType: string } | { ok: false; reason: string };

const plainName = (type: string | null) => (type ?? '').split(';')[0]!.trim().toLowerCase();

// What a browser might take for a page, however it is announced.
const markup = /^\s*<(!doctype|!--|\?xml|\/?[a-z][\w:-]*[\s/>])/i;
// Controls that no text has; tab, line ends, form feed and escape are fine.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/;

/** Text has no magic number: it must have been announced as text, read like text, and not like a page. */
const asText = (bytes: Buffer, announced: string): string | null => {
  const text = bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1').replace(/^\ufeff/, '');
  if (controls.test(text)) return null;
  if (/^\s*BEGIN:VCARD\s/i.test(text)) return 'text/vcard';
  if (/^\s*BEGIN:VCALENDAR\s/i.test(text)) return 'text/calendar';
  if (!announced.startsWith('text/') || markup.test(text)) return null;
  return announced === 'text/csv' ? 'text/csv' : 'text/plain';
};

/**
 * Tells what a medium is by its bytes, whatever it is announced as. Refuses what isn't on the list of accepted types; the reason is a
 * sentence for the message's record.
 */
export const sniff = async (bytes: Buffer, announcedAs: string | null): Promise<Sniffed> => {
  const announced = plainName(announcedAs);
  // It throws on some files that are cut short.
  const found = (await fileTypeFromBuffer(bytes).catch(() => undefined))?.mime;
  const type = found === undefined ? asText(bytes, announced) : (otherNames[found] ?? found);
  if (type !== null && type in acceptedTypes) {
    const utf8 = type.startsWith('text/') && isUtf8(bytes) ? '; charset=utf-8' : '';
    return { ok: true, contentType: type + utf8 };
  }
  const said = /^[a-z]+\/[\w.+-]{1,60}$/.test(announced) ? announced : 'something unnamed';
  return {
    ok: false,
    reason:
      type === null
        ? `It was announced as ${said}, but its bytes are of no type that is accepted.`
        : `It was announced as ${said}, but its bytes are ${type}, which is not accepted.`,
  };
};
