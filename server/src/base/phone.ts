import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { LRUCache } from 'lru-cache';

export type ParsedPhone =
  | {
      ok: true;
      /** `+14155550100`; of a channel address with its prefix, `whatsapp:+14155550100`. */
      e164: string;
      /** ISO 3166 alpha-2; null where the number alone doesn't tell (a shared or unassigned area code). */
      country: string | null;
    }
  /** `problem` is a sentence for the person who typed it; it doesn't repeat the number. */
  | { ok: false; problem: string };

export type ParsedSender =
  | {
      ok: true;
      /** As the provider wants it in `From`. */
      address: string;
      kind: 'phone' | 'short_code' | 'alphanumeric' | 'channel';
      country: string | null;
    }
  | { ok: false; problem: string };

const recent = new LRUCache<string, ParsedPhone>({ max: 10_000 });
const longestInput = 64;
/** What people write between digits: spaces, dots, slashes, parentheses, and dashes of every length. */
const ornaments = /[ \u00a0\u202f().\u2010-\u2013/-]/g;

/**
 * Reads a phone number in international format, tolerating spaces, dashes, dots, slashes and parentheses. Refuses national
 * numbers (no country code: nobody can know the country), short codes, letters and extensions. A channel address
 * (`whatsapp:+…`, `rcs:+…`, `messenger:…`) keeps its prefix and has its number checked.
 */
export function parsePhone(input: string): ParsedPhone {
  if (input.length > longestInput) return { ok: false, problem: 'This is too long to be a phone number.' };
  const known = recent.get(input);
  if (known) return known;
  const parsed = readAddress(input.trim());
  recent.set(input, parsed);
  return parsed;
}

/** Reads what may stand in `From`: a phone number or channel address, a short code, or an alphanumeric sender. */
export function parseSender(input: string): ParsedSender {
  const text = input.trim();
  if (/^[0-9]{3,8}$/.test(text)) return { ok: true, address: text, kind: 'short_code', country: null };
  if (/^rcs:[\w.-]{1,58}$/i.test(text)) {
    return { ok: true, address: `rcs:${text.slice(4)}`, kind: 'channel', country: null };
  }
  const phone = parsePhone(text);
  if (phone.ok) {
    const kind = phone.e164.includes(':') ? 'channel' : 'phone';
    return { ok: true, address: phone.e164, kind, country: phone.country };
  }
  if (!/[A-Za-z]/.test(text) || text.includes(':')) return phone;
  // The characters Twilio allows in an alphanumeric sender; one letter at least, or it would be a number.
  if (/^[A-Za-z0-9 &+_-]{1,11}$/.test(text)) {
    return { ok: true, address: text, kind: 'alphanumeric', country: null };
  }
  return {
    ok: false,
    problem: 'A sender name has at most 11 letters, digits, spaces and the signs & + - _.',
  };
}

function readAddress(text: string): ParsedPhone {
  const colon = text.indexOf(':');
  if (colon < 0) return readNumber(text);
  const channel = text.slice(0, colon).toLowerCase();
  const rest = text.slice(colon + 1);
  if (channel === 'messenger') {
    if (/^[\w.-]{1,50}$/.test(rest)) return { ok: true, e164: `messenger:${rest}`, country: null };
    return { ok: false, problem: 'A messenger: address is followed by an id of letters and digits.' };
  }
  if (channel !== 'whatsapp' && channel !== 'rcs') {
    return { ok: false, problem: 'The channels known here are whatsapp:, rcs: and messenger:.' };
  }
  return readChannelNumber(channel, rest);
}

/** Channels keep numbers of plans long changed (WhatsApp has Mexico as +52 1, Argentina as +54 9), so only E.164's own shape counts. */
function readChannelNumber(channel: string, text: string): ParsedPhone {
  const digits = text.replace(ornaments, '');
  if (!/^\+[1-9][0-9]{6,14}$/.test(digits)) {
    return {
      ok: false,
      problem: `After ${channel}: comes a phone number with its country code, as in +14155550100.`,
    };
  }
  const country = parsePhoneNumberFromString(digits, { extract: false })?.country ?? null;
  return { ok: true, e164: `${channel}:${digits}`, country };
}

function readNumber(text: string): ParsedPhone {
  const written = text.trim();
  if (!/[0-9]/.test(written)) return { ok: false, problem: 'This is not a phone number.' };
  if (!written.startsWith('+')) {
    return {
      ok: false,
      problem: written.startsWith('00')
        ? 'Write + in place of the leading 00, as in +44 20 7946 0018.'
        : 'Add the country code with a leading +, as in +1 415 555 0100.',
    };
  }
  if (!/^\+[0-9]+$/.test(written.replace(ornaments, ''))) {
    return {
      ok: false,
      problem: 'A phone number has only digits, spaces, dashes, dots and parentheses after the +.',
    };
  }
  const number = parsePhoneNumberFromString(written, { extract: false });
  if (!number)
    return { ok: false, problem: 'No country has a number that begins like this, or it is too short.' };
  // Possible (a length its country uses), not valid (a range assigned by now): test numbers like +15005550006 and the
  // simulator's +1555… are in no assigned range, and new ranges open faster than the metadata here is renewed.
  if (!number.isPossible()) {
    return { ok: false, problem: 'This phone number has too many or too few digits for its country.' };
  }
  return { ok: true, e164: number.number, country: number.country ?? null };
}
