import { graphemes, lastCut } from './graphemes.ts';

/** Twilio takes at most this many characters in one message (error 21617 beyond). */
const providerLimit = 1600;

/**
 * Splits a text that is too long for one message into several: at the end of a paragraph or sentence where there is one in the
 * second half of a part, else between words, else between graphemes. Nothing is lost but white space at the cuts. Characters are
 * UTF-16 code units, as the strictest provider counts them. Always at least one part; a text that fits is returned unchanged.
 * Throws RangeError when maxCharacters is below 2 (a surrogate pair wouldn't fit).
 */
export function splitText(text: string, maxCharacters = providerLimit): string[] {
  if (!(maxCharacters >= 2)) throw new RangeError('A part has room for 2 characters at least.');
  if (text.length <= maxCharacters) return [text];
  const segments = graphemes(text);
  const parts: string[] = [];
  let start = skipSpace(text, 0);
  while (start < text.length) {
    const end =
      text.length - start <= maxCharacters ? text.length : findCut(text, start, maxCharacters, segments);
    parts.push(text.slice(start, end).trimEnd());
    start = skipSpace(text, end);
  }
  return parts.length === 0 ? [''] : parts;
}

function findCut(text: string, start: number, max: number, segments: Intl.Segments): number {
  const limit = start + max;
  let word = -1;
  for (let at = limit; at > start; at--) {
    if (!isSpace(text.charCodeAt(at))) continue;
    if (word < 0) word = at;
    if (at - start < max / 2) break;
    if (text.charCodeAt(at) === 0x0a || endsSentence(text, at)) return at;
  }
  return word > start ? word : lastCut(segments, text, start, limit);
}

const enders = new Set('.!?…。！？');
const closers = new Set('"\')]}”’»');

/** Whether the white space at `at` follows the end of a sentence, closing quotes and brackets included. */
function endsSentence(text: string, at: number): boolean {
  let last = at - 1;
  while (last > 0 && closers.has(text[last]!)) last--;
  return enders.has(text[last]!);
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** White space as String.prototype.trim has it. */
function isSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  if (code < 0xa0) return false;
  return (
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000 ||
    code === 0xfeff
  );
}
