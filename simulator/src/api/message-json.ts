import { rfc2822 } from '../dates.ts';
import type { Message } from '../message.ts';
import { errorSentence } from '../outcomes.ts';

const pricePerSegment = 0.0075;
const priced = new Set(['sent', 'delivered', 'undelivered', 'received']);

/** A message as Twilio shows it: counts and price are strings, the error code a number. */
export function messageJson(message: Message): Record<string, unknown> {
  const base = `/2010-04-01/Accounts/${message.accountSid}/Messages/${message.sid}`;
  const uris: Record<string, string> = { media: `${base}/Media.json` };
  if (message.sentAt !== null && message.direction !== 'inbound') uris.feedback = `${base}/Feedback.json`;
  const pending = message.from === null;
  return {
    account_sid: message.accountSid,
    api_version: '2010-04-01',
    body: message.body,
    date_created: rfc2822(message.createdAt),
    date_sent: message.sentAt === null ? null : rfc2822(message.sentAt),
    date_updated: rfc2822(message.updatedAt),
    direction: message.direction,
    error_code: message.errorCode,
    error_message: errorSentence(message.errorCode),
    from: message.from,
    messaging_service_sid: message.serviceSid,
    num_media: String(message.media.length),
    num_segments: pending ? '0' : String(message.segments),
    price: priced.has(message.status) ? (-pricePerSegment * message.segments).toFixed(5) : null,
    price_unit: 'USD',
    sid: message.sid,
    status: message.status,
    subresource_uris: uris,
    to: message.to,
    uri: `${base}.json`,
  };
}
