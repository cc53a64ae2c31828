import { graphemes, lastCut } from './graphemes.ts';
import { countSeptets, septets } from './gsm7.ts';

export type SegmentCount = {
  encoding: 'gsm7' | 'ucs2';
  /** SMS parts the text is sent as; 1 for an empty text, which still goes out (as the carrier of a picture). */
  segments: number;
  /** Septets (gsm7) or UTF-16 code units (ucs2) of the text, without the headers of the parts. */
  units: number;
};

// A part of a longer text gives 6 of its 140 octets to the concatenation header (3GPP TS 23.040, 9.2.3.24.1).
const single = { gsm7: 160, ucs2: 70 };
const part = { gsm7: 153, ucs2: 67 };

/**
 * Counts the SMS parts of a text as Twilio bills them: an escape pair, a surrogate pair and a grapheme stay in one part, so a
 * part may end early. A grapheme longer than a whole part is cut between its code points.
 */
export function countSegments(text: string): SegmentCount {
  const septetCount = countSeptets(text);
  const encoding = septetCount < 0 ? 'ucs2' : 'gsm7';
  const units = septetCount < 0 ? text.length : septetCount;
  if (units <= single[encoding]) return { encoding, segments: 1, units };
  // Without an escape pair every part is full.
  if (units === text.length && encoding === 'gsm7') {
    return { encoding, segments: Math.ceil(units / part.gsm7), units };
  }
  let segments = 0;
  const cut = encoding === 'gsm7' ? cutSeptets : cutter(text);
  for (let start = 0; start < text.length; start = cut(text, start)) segments++;
  return { encoding, segments, units };
}

/** The parts of a text in order; joined they are the text. An empty text is one empty part. */
export function cutSegments(text: string): string[] {
  const { encoding, segments } = countSegments(text);
  if (segments === 1) return [text];
  const cut = encoding === 'gsm7' ? cutSeptets : cutter(text);
  const parts: string[] = [];
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = cut(text, start);
    parts.push(text.slice(start, end));
  }
  return parts;
}

function cutSeptets(text: string, start: number): number {
  let room = part.gsm7;
  let end = start;
  while (end < text.length) {
    room -= septets(text.charCodeAt(end));
    if (room < 0) break;
    end++;
  }
  return end;
}

function cutter(text: string): (text: string, start: number) => number {
  const segments = graphemes(text);
  return (whole, start) => lastCut(segments, whole, start, start + part.ucs2);
}
