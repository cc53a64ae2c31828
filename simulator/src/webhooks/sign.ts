import { createHmac } from 'node:crypto';

export type Params = readonly (readonly [name: string, value: string])[];

/**
 * Returns Twilio's X-Twilio-Signature: base64 of HMAC-SHA1 over the URL and, sorted by name, every name with its value;
 * a repeated name with its distinct values in order. `url` is what is requested, without fragment; for GET pass no params.
 * Source: Twilio's documentation on webhook security.
 */
export function sign(authToken: string, url: string, params: Params): string {
  const sorted = [...params].sort(byNameThenValue);
  let text = url;
  for (let i = 0; i < sorted.length; i++) {
    const [name, value] = sorted[i]!;
    const last = sorted[i - 1];
    if (last?.[0] !== name || last[1] !== value) text += name + value;
  }
  return createHmac('sha1', authToken).update(text).digest('base64');
}

function byNameThenValue(a: Params[number], b: Params[number]): number {
  return compare(a[0], b[0]) || compare(a[1], b[1]);
}

/** By UTF-16 code units, as Twilio's libraries sort: "Z" before "_" before "a". */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
