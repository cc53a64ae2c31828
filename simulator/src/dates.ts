let second = -1;
let text = '';

/** Returns a time in milliseconds as Twilio writes it in the 2010 API, RFC 2822 with +0000. */
export function rfc2822(ms: number): string {
  const asked = Math.floor(ms / 1000);
  if (asked !== second) {
    second = asked;
    text = `${new Date(asked * 1000).toUTCString().slice(0, -3)}+0000`;
  }
  return text;
}

/** Returns a time in milliseconds as the v1 APIs write it, ISO 8601 with whole seconds. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Returns a time as carriers stamp receipts, YYMMDDhhmm. */
export function carrierMinute(ms: number): string {
  return new Date(ms).toISOString().slice(2, 16).replace(/\D/g, '');
}
