/** Whether this is an E.164 number by its form. */
export function isPhoneNumber(value: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(value);
}

/** Whether this is an alphanumeric sender id: up to 11 letters, digits and spaces with a letter among them. */
export function isAlphanumericSender(value: string): boolean {
  return /^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/.test(value);
}

/** Whether Twilio could call or fetch this address. A host name with an underscore is refused (21609). */
export function isWebAddress(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  return (protocol === 'http:' || protocol === 'https:') && hostname !== '' && !hostname.includes('_');
}

/** Puts back the plus that form decoding turned into a space. */
export function readNumber(value: string | null): string {
  return value === null ? '' : value.replace(/^ (?=\d)/, '+').trim();
}
