import type { ProviderAccount } from '../store/provider-accounts.ts';

/** A provider's request as it came, before anything in it is believed. */
export type Webhook = {
  kind: 'inbound' | 'status';
  account: ProviderAccount;
  /** Path and query as they came. */
  target: string;
  /** Where the request says it came to (Host, scheme); only used to name what is wrong. */
  seenUrl: string;
  rawBody: string;
  params: URLSearchParams;
  contentType: string | null;
  signature: string | null;
  /** Made on this machine, not through a tunnel or proxy on it. */
  fromThisMachine: boolean;
};

/** One line of the record: which check, and what it found. */
export type Check = { name: string; summary: string };

/** What the provider is answered. */
export type Answer = { kind: 'taken' } | { kind: 'forbidden' } | { kind: 'refused'; detail: string };
