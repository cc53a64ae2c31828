import { parsePhone } from '../../../base/phone.ts';

/**
 * The number an old client means, in E.164: with + or without, also where a form has turned the + into a space; null: it is none.
 */
export const readNumber = (text: string): string | null => {
  const written = text.trim();
  const parsed = parsePhone(/^[0-9]/.test(written) ? `+${written}` : written);
  return parsed.ok ? parsed.e164 : null;
};
