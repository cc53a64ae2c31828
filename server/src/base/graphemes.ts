const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

/**
 * The last place at or before `limit` where a text may be cut: between two graphemes, or when one grapheme alone reaches from
 * `start` past `limit`, between two code points of it. Always more than `start`, given limit > start + 1.
 * A text that ends by `limit` is cut at its end.
 */
export function lastCut(segments: Intl.Segments, text: string, start: number, limit: number): number {
  if (limit >= text.length) return text.length;
  const before = text.charCodeAt(limit - 1);
  const after = text.charCodeAt(limit);
  // Below U+0300 nothing joins its neighbour but CR LF, which the counters of the trade cut too.
  if (before < 0x300 && after < 0x300) return limit;
  const boundary = segments.containing(limit)!.index;
  if (boundary > start) return boundary;
  const splitsPair = after >= 0xdc00 && after < 0xe000 && before >= 0xd800 && before < 0xdc00;
  return splitsPair ? limit - 1 : limit;
}

/** Prepares a text for `lastCut`. */
export function graphemes(text: string): Intl.Segments {
  return segmenter.segment(text);
}
