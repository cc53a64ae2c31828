import { LRUCache } from 'lru-cache';
import type { Db } from '../base/db.ts';
import type { Signals } from '../base/signals.ts';
import { findNumber, listNumbers, numberById, type OwnNumber } from './numbers.ts';
import type { ProviderAccount, ProviderAccounts } from './provider-accounts.ts';

/** How long a change made in another process may go unseen when its signal was lost, milliseconds. */
const ttl = 5_000;

/** Accounts and numbers as the hot paths ask for them: from memory, forgotten at every change. */
export const createDirectory = (db: Db, accounts: ProviderAccounts, signals: Signals) => {
  type None = { none: true };
  const none: None = { none: true };
  const cache = new LRUCache<string, ProviderAccount | OwnNumber | OwnNumber[] | None>({ max: 20_000, ttl });
  const stop = signals.on('directory', () => cache.clear());

  const through = async <T extends ProviderAccount | OwnNumber | OwnNumber[]>(
    key: string,
    load: () => Promise<T | null>,
  ): Promise<T | null> => {
    const known = cache.get(key);
    if (known !== undefined) return known === none ? null : (known as T);
    const found = await load();
    cache.set(key, found ?? none);
    return found;
  };

  return {
    /** The account whose webhooks come to this key; null: the one of the settings. */
    account: (webhookKey: string | null) =>
      through(`w ${webhookKey ?? ''}`, () => accounts.byWebhookKey(webhookKey)),
    accountById: (id: string) => through(`a ${id}`, () => accounts.byId(id)),
    /** The number a text to `phoneNumber` of this account is for. */
    number: (accountId: string, phoneNumber: string) =>
      through(`n ${accountId} ${phoneNumber}`, () => findNumber(db, accountId, phoneNumber)),
    numberById: (organizationId: string, id: string) =>
      through(`i ${organizationId} ${id}`, () => numberById(db, organizationId, id)),
    numbers: async (organizationId: string) =>
      (await through(`l ${organizationId}`, () => listNumbers(db, organizationId))) ?? [],
    /** Call after a change, in any process. */
    changed: () => signals.raise('directory'),
    close: stop,
  };
};
export type Directory = ReturnType<typeof createDirectory>;
