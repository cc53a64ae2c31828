import type { Credentials } from '../provider.ts';
import { callHeaders } from './authorization.ts';

/** The API's own address, or a regional or edge one of it (https://www.twilio.com/docs/global-infrastructure). */
const isTwilios = (url: URL, apiUrl: string): boolean =>
  url.origin === URL.parse(apiUrl)?.origin ||
  (url.protocol === 'https:' && url.port === '' && url.hostname.endsWith('.twilio.com'));

/**
 * Twilio asks for Basic auth at the address in the webhook and redirects to a short-lived one that needs none
 * (https://www.twilio.com/docs/messaging/api/media-resource). A webhook of another origin could name any address, so credentials go
 * to Twilio alone.
 */
export const mediaRequest = (
  address: string,
  credentials: Credentials,
): { headers: Record<string, string>; deleteUrl: string | null } => {
  const url = URL.parse(address);
  const authorization = callHeaders(credentials)?.authorization;
  if (!url || authorization === undefined || !isTwilios(url, credentials.apiUrl))
    return { headers: {}, deleteUrl: null };
  const isMedia = /\/Messages\/\w+\/Media\/ME\w+$/.test(url.pathname);
  return { headers: { authorization }, deleteUrl: isMedia ? `${url.origin}${url.pathname}.json` : null };
};
