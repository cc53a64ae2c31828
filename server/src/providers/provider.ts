/**
 * The contract every provider keeps. A provider turns requests into facts and answers into outcomes; it touches no table and
 * keeps no state but its connections. Types only, so that anything may import it for nothing.
 */

/** Who has to act on a failure. The class decides what the platform does; the code and the sentence are for people. */
export type FailureClass =
  /** This phone can't get this text: stop for this recipient. */
  | 'recipient'
  /** The text itself is refused: another try ends the same way. */
  | 'content'
  /** Our sender or account isn't set up for this: stop the sender and tell its owner. */
  | 'configuration'
  /** Passing trouble: try again, a bounded number of times. */
  | 'transient'
  /** Too fast or too much: slow down and try again. */
  | 'rate_limit'
  /** The recipient said STOP: write it in the consent ledger, never try again. */
  | 'opted_out'
  /** Wrong or closed account: stop everything on it. */
  | 'authentication'
  /** We asked for something malformed: a fault of ours. */
  | 'request';

/** How a send attempt ended. There are only these four. `message` never holds a secret, a phone number or a text's body. */
export type Outcome =
  /** Taken. `segments` is the provider's count, null when it isn't known yet (a sender pool still chooses). */
  | { kind: 'sent'; providerSid: string; providerStatus: string; segments: number | null }
  /** Certainly not taken. `afterMs`: what the provider (or its manual) asks us to wait at least; null: it doesn't say. */
  | { kind: 'retry'; code: string | null; message: string; afterMs: number | null; class: FailureClass }
  /** Perhaps taken: must be resolved by its receipt or by `list`, never sent again blindly. */
  | { kind: 'unknown'; code: string | null; message: string }
  /** Certainly not taken, and no use trying again. */
  | { kind: 'failed'; code: string | null; message: string; class: FailureClass };

export type OutgoingText = {
  messageId: string;
  /** A number in E.164, a short code, an alphanumeric sender, a channel address; '' lets the messaging service choose. */
  from: string;
  to: string;
  body: string;
  mediaUrls: string[];
  messagingServiceSid: string | null;
  /** Without our id: the adapter puts `id=<messageId>` in its query. '' asks for no receipts. A #fragment is kept. */
  statusCallbackUrl: string;
  /** How long the provider may keep trying, whole seconds; null: its default. */
  validitySeconds: number | null;
};

/** Delivery states in our words; `unknown` is a word of the provider's that we don't know (kept in `rawStatus`). */
export type ReceiptStatus =
  | 'queued'
  | 'sending'
  | 'sent'
  | 'delivered'
  | 'undelivered'
  | 'failed'
  | 'read'
  | 'canceled'
  | 'unknown';

export type Receipt = {
  providerSid: string;
  /** From our `?id=` in the callback's address; null when it isn't there or isn't a UUID. */
  messageId: string | null;
  status: ReceiptStatus;
  rawStatus: string;
  errorCode: string | null;
  errorMessage: string | null;
};

export type IncomingText = {
  providerSid: string;
  /** '' when the request names no account. */
  accountSid: string;
  from: string;
  to: string;
  body: string;
  mediaUrls: string[];
  /** One per media URL, in order. */
  mediaTypes: string[];
  segments: number;
  /** What the provider's own opt-out service made of it; it has answered already. */
  optOut: 'stop' | 'start' | 'help' | null;
  /** The remaining parameters that aren't empty, for the record. */
  extra: Record<string, string>;
};

export type ListedMessage = {
  providerSid: string;
  /** Null while a messaging service still chooses the sender. */
  from: string | null;
  to: string;
  body: string;
  status: ReceiptStatus;
  rawStatus: string;
  errorCode: string | null;
  direction: 'inbound' | 'outbound';
  /** To the second, by the provider's clock. */
  createdAt: Date;
};

export type Credentials = {
  accountSid: string;
  /** The first is used for calls; all of them verify webhooks (while rotating). */
  authTokens: string[];
  /** The API's address, e.g. https://api.twilio.com; a path in it is kept as a prefix. */
  apiUrl: string;
};

/** `detail` is a sentence for the operator: what doesn't fit and where to look. No secrets, no parameter values. */
export type Verification =
  | { ok: true }
  | {
      ok: false;
      reason: 'missing_signature' | 'wrong_url' | 'wrong_token' | 'altered_parameters';
      detail: string;
    };

export type WebhookRequest = {
  /**
   * Addresses this request may have been signed for, whole, with path and query. The first is the configured one and the only
   * one that counts; the others (from Host, X-Forwarded-*) only help to name what is wrong.
   */
  urls: string[];
  /** The body exactly as received, '' for GET. */
  rawBody: string;
  signature: string | null;
  contentType: string | null;
  /** `new URLSearchParams(rawBody)` when the caller has made it already, so that a body is parsed once. */
  params?: URLSearchParams;
  /** The account the tokens belong to; only used to say so when the request names another. */
  accountSid?: string;
};

export interface Provider {
  name: string;
  /** Whether the provider made this request. Never throws. */
  verify(request: WebhookRequest, authTokens: string[]): Verification;
  /** An incoming text from its parameters (body of a POST, query of a GET). Never throws. */
  parseIncoming(params: URLSearchParams): { ok: true; text: IncomingText } | { ok: false; problem: string };
  /** A receipt from its parameters and the query of the address it came to. Never throws. */
  parseReceipt(
    params: URLSearchParams,
    query: URLSearchParams,
  ): { ok: true; receipt: Receipt } | { ok: false; problem: string };
  /** Sends one text once; no retries inside. Never throws and never rejects. */
  send(text: OutgoingText, credentials: Credentials): Promise<Outcome>;
  /**
   * Everything between this pair created at or after `since`, newest first and complete: an answer without a message means that
   * it wasn't taken. `from` '' lists by `to` alone (for messaging services). Throws ProviderUnavailable when it can't be complete.
   */
  list(query: { from: string; to: string; since: Date }, credentials: Credentials): Promise<ListedMessage[]>;
  /** One message as the provider has it now; null: it has none by that id. Throws ProviderUnavailable. */
  fetchMessage(providerSid: string, credentials: Credentials): Promise<ListedMessage | null>;
  /**
   * How to fetch a medium of an incoming text: the headers, with credentials only where the address is the provider's own (it came
   * with a request), and the address that deletes it there; null: there is none. The core makes the call.
   */
  mediaRequest(
    url: string,
    credentials: Credentials,
  ): { headers: Record<string, string>; deleteUrl: string | null };
  /** What a code on a receipt or an outcome means. */
  explainError(code: string): ErrorExplanation;
  /** Closes the connections after the requests under way have ended. */
  close(): Promise<void>;
}

/** A provider's error code in words a person understands. */
export type ErrorExplanation = {
  class: FailureClass;
  sentence: string;
  /** Whether sending the text again may help; always false for a code that leaves open whether the phone has it. */
  retryable: boolean;
  /** How many more attempts make sense; 0 when not retryable. */
  retries: number;
  /** The least to wait before the next one, milliseconds; null: the usual backoff. */
  afterMs: number | null;
};
