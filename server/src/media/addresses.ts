import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { nowMs } from '../base/clock.ts';

export type MediaAddresses = {
  /** The address of a medium, good for at least the set time and at most a quarter longer. */
  of(mediaId: string): string;
  /** Judges the query of such an address; `goodForSeconds` is what is left of it. */
  check(
    mediaId: string,
    until: string,
    signature: string,
  ): { ok: true; goodForSeconds: number } | { ok: false; reason: 'wrong' | 'expired' };
};

/** Makes and checks expiring addresses of media: an HMAC over id and time, with a key derived from SECRET_KEY. */
export const createMediaAddresses = ({
  secretKey,
  publicUrl,
  seconds,
}: {
  secretKey: string;
  publicUrl: string;
  seconds: number;
}): MediaAddresses => {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'trunkline media addresses', 32));
  const sign = (mediaId: string, until: string) =>
    createHmac('sha256', key).update(`${mediaId} ${until}`).digest('base64url');
  // The same address for a while, so that a browser that asks for the list again needn't fetch the pictures again.
  const step = Math.max(1, Math.floor(seconds / 4));
  return {
    of(mediaId) {
      const until = String((Math.floor(nowMs() / 1000 / step) + 1) * step + seconds);
      return `${publicUrl}/media/${mediaId}?until=${until}&signature=${sign(mediaId, until)}`;
    },
    check(mediaId, until, signature) {
      const expected = Buffer.from(sign(mediaId, until));
      const given = Buffer.from(signature);
      if (given.length !== expected.length || !timingSafeEqual(given, expected))
        return { ok: false, reason: 'wrong' };
      const goodForSeconds = Math.floor(Number(until) - nowMs() / 1000);
      return goodForSeconds > 0 ? { ok: true, goodForSeconds } : { ok: false, reason: 'expired' };
    },
  };
};
