/**
 * The GSM 7-bit default alphabet and its extension table (3GPP TS 23.038, sections 6.2.1 and 6.2.1.1), as a lookup by UTF-16
 * code unit: 1 for one septet, 2 for an escape pair, 0 for what the alphabet can't say.
 */
const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const extension = '\f^{}\\[~]|€';

const widths = new Uint8Array(0x20ad);
for (let i = 0; i < basic.length; i++) widths[basic.charCodeAt(i)] = 1;
for (let i = 0; i < extension.length; i++) widths[extension.charCodeAt(i)] = 2;

/** Septets that a UTF-16 code unit takes: 1, 2, or 0 when it isn't in the alphabet. */
export function septets(codeUnit: number): number {
  return codeUnit < widths.length ? widths[codeUnit]! : 0;
}

/** Septets of a whole text; -1 when any character of it isn't in the alphabet. */
export function countSeptets(text: string): number {
  let total = 0;
  for (let i = 0; i < text.length; i++) {
    const width = septets(text.charCodeAt(i));
    if (width === 0) return -1;
    total += width;
  }
  return total;
}
