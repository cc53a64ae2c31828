import type { Encoding } from '@trunkline/contract';

/** GSM 03.38, default alphabet and extension table (3GPP TS 23.038, 6.2.1). The extension costs two septets. */
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const extension = new Set('\f^{}\\[~]|€');

const limits: Record<Encoding, { single: number; part: number }> = {
  gsm7: { single: 160, part: 153 },
  ucs2: { single: 70, part: 67 },
};

export type Counted = {
  encoding: Encoding;
  segments: number;
  /** Septets (GSM-7) or UTF-16 units (UCS-2) the text takes. */
  units: number;
  /** Units left in the last segment. */
  left: number;
  /** The first character that forced UCS-2, or null. */
  costly: string | null;
};

/**
 * Counts the segments a text is sent and billed in. A septet pair and a surrogate pair are never split across two
 * segments, so a text can need one more than its length divided. The empty text takes none.
 */
export const countSegments = (text: string): Counted => {
  const characters = [...text];
  const costly = characters.find((one) => !basic.has(one) && !extension.has(one)) ?? null;
  const encoding: Encoding = costly === null ? 'gsm7' : 'ucs2';
  const cost = (one: string): number => (encoding === 'ucs2' ? one.length : extension.has(one) ? 2 : 1);
  const units = characters.reduce((sum, one) => sum + cost(one), 0);
  const { single, part } = limits[encoding];
  if (units <= single) {
    return { encoding, segments: units === 0 ? 0 : 1, units, left: single - units, costly };
  }
  let segments = 1;
  let used = 0;
  for (const one of characters) {
    if (used + cost(one) > part) {
      segments += 1;
      used = 0;
    }
    used += cost(one);
  }
  return { encoding, segments, units, left: part - used, costly };
};
