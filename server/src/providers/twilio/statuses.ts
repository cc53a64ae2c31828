import type { ReceiptStatus } from '../provider.ts';

const words = new Map<string, ReceiptStatus>([
  ['accepted', 'queued'],
  ['scheduled', 'queued'],
  ['queued', 'queued'],
  ['sending', 'sending'],
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['undelivered', 'undelivered'],
  ['failed', 'failed'],
  ['read', 'read'],
  ['canceled', 'canceled'],
]);

/** Twilio's word for a message's status in ours; `unknown` for the ones of incoming messages and any new one. */
export function readStatus(rawStatus: string): ReceiptStatus {
  return words.get(rawStatus.toLowerCase()) ?? 'unknown';
}
