/*
 * Segments of a text (GSM 03.38 and UCS-2, 3GPP TS 23.038 and 23.040). Written apart from the server's counter on purpose:
 * the simulator is the judge of it.
 */

const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const extension = new Set('\f^{}\\[~]|€');
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

export interface Segmented {
  encoding: 'GSM-7' | 'UCS-2';
  segments: number;
}

/** Returns encoding and number of parts of `body`; an empty text is one part. */
export function countSegments(body: string): Segmented {
  const septets = countSeptets(body);
  if (septets !== null) return { encoding: 'GSM-7', segments: septets <= 160 ? 1 : packSeptets(body) };
  return { encoding: 'UCS-2', segments: body.length <= 70 ? 1 : packUnits(body) };
}

function countSeptets(body: string): number | null {
  let septets = 0;
  for (const char of body) {
    if (basic.has(char)) septets += 1;
    else if (extension.has(char)) septets += 2;
    else return null;
  }
  return septets;
}

function packSeptets(body: string): number {
  return pack(body, 153, (char) => (extension.has(char) ? 2 : 1));
}

function packUnits(body: string): number {
  const wholes: string[] = [];
  for (const { segment } of graphemes.segment(body)) {
    if (segment === '\r\n' || segment.length > 67) wholes.push(...segment);
    else wholes.push(segment);
  }
  return pack(wholes, 67, (whole) => whole.length);
}

function pack(wholes: Iterable<string>, capacity: number, size: (whole: string) => number): number {
  let parts = 1;
  let filled = 0;
  for (const whole of wholes) {
    const needed = size(whole);
    if (filled + needed > capacity) {
      parts++;
      filled = 0;
    }
    filled += needed;
  }
  return parts;
}
