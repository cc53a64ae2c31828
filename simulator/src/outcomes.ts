import type { Outcome } from './message.ts';

/** Our own range for asynchronous outcomes, next to Twilio's magic numbers; README.md lists it. */
const byRecipient = new Map<string, Outcome>([
  ['+15005550190', { status: 'delivered', code: null }],
  ['+15005550191', { status: 'undelivered', code: 30003 }],
  ['+15005550192', { status: 'undelivered', code: 30005 }],
  ['+15005550193', { status: 'failed', code: 30007 }],
  ['+15005550194', { status: 'sent', code: null }],
  ['+15005550195', { status: 'undelivered', code: 30006 }],
  ['+15005550196', { status: 'undelivered', code: 30008 }],
]);

const delivered: Outcome = { status: 'delivered', code: null };

/** Returns how a message to this number ends when no fault says otherwise. */
export function outcomeFor(to: string): Outcome {
  return byRecipient.get(to) ?? delivered;
}

const sentences: Record<number, string> = {
  21610: 'Attempt to send to unsubscribed recipient',
  21703: 'The Messaging Service does not have a phone number available to send a message',
  30001: 'Queue overflow',
  30003: 'Unreachable destination handset',
  30004: 'Message blocked',
  30005: 'Unknown destination handset',
  30006: 'Landline or unreachable carrier',
  30007: 'Message filtered',
  30008: 'Unknown error',
  30036: 'Validity Period Expired',
};

/** Returns Twilio's sentence for an asynchronous error code, or null without one. */
export function errorSentence(code: number | null): string | null {
  return code === null ? null : (sentences[code] ?? `Error ${code}`);
}
