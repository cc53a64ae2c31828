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
  type Entry = ProviderAccount | OwnNumber | OwnNumber[] | None;
  const cache = new LRUCache<string, Entry>({ max: 20_000, ttl });
  const loading = new Map<string, Promise<Entry>>();
  let changes = 0;
  const stop = signals.on('directory', () => {
    changes += 1;
    cache.clear();
    loading.clear();
  });

  /** From memory, or asked once however many want it at the moment. */
  const through = async <T extends ProviderAccount | OwnNumber | OwnNumber[]>(
    key: string,
    load: () => Promise<T | null>,
  ): Promise<T | null> => {
    let entry = cache.get(key);
    if (entry === undefined) {
      let asked = loading.get(key);
      if (!asked) {
        const round = changes;
        asked = load()
          .then((found) => {
            // What was read before a change must not be remembered after it.
            if (round === changes) cache.set(key, found ?? none);
            return found ?? none;
          })
          .finally(() => {
            if (loading.get(key) === asked) loading.delete(key);
          });
        loading.set(key, asked);
      }
      entry = await asked;
    }
    return entry === none ? null : (entry as T);
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
