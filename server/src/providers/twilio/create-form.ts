import type { OutgoingText } from '../provider.ts';
import { encode } from './encode.ts';

/**
 * The form that creates a message (https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource).
 * `callbackFragment` is put behind a receipt address that has no fragment of its own.
 */
export function createForm(text: OutgoingText, callbackFragment: string): string {
  let form = `To=${encode(text.to)}`;
  if (text.from !== '') form += `&From=${encode(text.from)}`;
  if (text.messagingServiceSid !== null) form += `&MessagingServiceSid=${encode(text.messagingServiceSid)}`;
  if (text.body !== '') form += `&Body=${encode(text.body)}`;
  for (const url of text.mediaUrls) form += `&MediaUrl=${encode(url)}`;
  if (text.statusCallbackUrl !== '') {
    const url = receiptUrl(text.statusCallbackUrl, text.messageId, callbackFragment);
    form += `&StatusCallback=${encode(url)}`;
  }
  if (text.validitySeconds !== null) form += `&ValidityPeriod=${clampValidity(text.validitySeconds)}`;
  return form;
}

/** The address Twilio sends a message's receipts to: the configured one with our id in its query, before any fragment. */
function receiptUrl(url: string, messageId: string, callbackFragment: string): string {
  const hash = url.indexOf('#');
  const base = hash < 0 ? url : url.slice(0, hash);
  const fragment = hash < 0 ? callbackFragment : url.slice(hash);
  return `${base}${base.includes('?') ? '&' : '?'}id=${encode(messageId)}${fragment}`;
}

/** Twilio takes 1 to 36,000 seconds and refuses the message otherwise. */
function clampValidity(seconds: number): number {
  return Math.max(1, Math.min(36_000, Math.trunc(seconds) || 1));
}
