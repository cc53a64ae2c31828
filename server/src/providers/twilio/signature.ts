import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The parameters as Twilio signs them: names in code unit order, each with its values (a repeated name's values unique and
 * sorted), nothing between (https://www.twilio.com/docs/usage/security#validating-requests).
 */
export function signedParameters(params: URLSearchParams): string {
  const pairs = [...params];
  pairs.sort(byNameThenValue);
  let text = '';
  for (let i = 0; i < pairs.length; i++) {
    const [name, value] = pairs[i]!;
    const before = pairs[i - 1];
    if (before !== undefined && before[0] === name && before[1] === value) continue;
    text += name + value;
  }
  return text;
}

function byNameThenValue(a: [string, string], b: [string, string]): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
  if (a[1] === b[1]) return 0;
  return a[1] < b[1] ? -1 : 1;
}

/** X-Twilio-Signature over `signed`, which is the address followed by its signed parameters. */
export function sign(authToken: string, signed: string): string {
  return createHmac('sha1', authToken).update(signed, 'utf8').digest('base64');
}

/** Whether any of the tokens made the signature; in constant time for each. */
export function isSignedBy(authTokens: readonly string[], signed: string, signature: Buffer): boolean {
  for (const token of authTokens) {
    const digest = createHmac('sha1', token).update(signed, 'utf8').digest();
    if (timingSafeEqual(digest, signature)) return true;
  }
  return false;
}

/** The 20 bytes of a signature header; null when it can't be one. */
export function readSignature(header: string): Buffer | null {
  if (header.length !== 28) return null;
  const bytes = Buffer.from(header, 'base64');
  // Node reads base64 leniently; only the one true spelling of these bytes counts.
  return bytes.length === 20 && bytes.toString('base64') === header ? bytes : null;
}

/** Whether a body is the one whose SHA-256 Twilio put in the address as `bodySHA256`. */
export function isBodyOf(rawBody: string, bodySha256: string): boolean {
  const digest = createHash('sha256').update(rawBody, 'utf8').digest('hex');
  const claimed = Buffer.from(bodySha256.toLowerCase());
  return claimed.length === digest.length && timingSafeEqual(claimed, Buffer.from(digest));
}
