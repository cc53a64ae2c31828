import type { LedgerEntry } from '@trunkline/contract/simulator';

export type Status =
  | 'accepted'
  | 'scheduled'
  | 'canceled'
  | 'queued'
  | 'sending'
  | 'sent'
  | 'delivered'
  | 'undelivered'
  | 'failed'
  | 'received';

export type Direction = 'inbound' | 'outbound-api' | 'outbound-reply';

/** How a message will end, decided when it is taken. */
export interface Outcome {
  status: 'sent' | 'delivered' | 'undelivered' | 'failed';
  code: number | null;
}

export interface Media {
  sid: string;
  accountSid: string;
  messageSid: string;
  contentType: string;
  createdAt: number;
  /** The bytes for what a phone attached; the address for what the API was given. */
  bytes: Buffer | null;
  url: string | null;
}

export interface Message {
  sid: string;
  /** Position in the order of all messages; newer is greater. */
  seq: number;
  accountSid: string;
  direction: Direction;
  from: string | null;
  to: string;
  body: string;
  media: Media[];
  serviceSid: string | null;
  status: Status;
  errorCode: number | null;
  createdAt: number;
  updatedAt: number;
  sentAt: number | null;
  segments: number;
  statusCallback: string | null;
  /** When its validity period ends. */
  expiresAt: number;
  /** When it is to be sent, if scheduled. */
  sendAt: number | null;
  outcome: Outcome;
  /** The next step of its life, or null when none is left. */
  next: 'choose' | 'sending' | 'sent' | 'finish' | 'expire' | null;
  ledger: LedgerEntry | null;
  /** What Advanced Opt-Out made of an inbound text. */
  optOutType: 'STOP' | 'START' | 'HELP' | null;
  deleted: boolean;
  /** Callbacks waiting for the one under way; null when none is. */
  callbacks: (() => Promise<void>)[] | null;
}

const finished = new Set<Status>(['sent', 'delivered', 'undelivered', 'failed', 'canceled', 'received']);

/** Tells whether Twilio counts the message as complete, so that it may be deleted. */
export function isComplete(message: Message): boolean {
  return finished.has(message.status);
}
