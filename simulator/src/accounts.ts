import { demoAccount } from '@trunkline/contract/simulator';
import { newSid } from './ids.ts';

export interface Account {
  sid: string;
  friendlyName: string;
  /** The primary auth token; webhooks are signed with it. */
  authToken: string;
  secondaryAuthToken: string | null;
  apiKeys: Map<string, string>;
  /** Trial accounts text verified numbers only. */
  trial: boolean;
  verified: Set<string>;
  createdAt: number;
}

export interface Accounts {
  get(sid: string): Account | undefined;
  all(): Account[];
  add(account: Partial<Account>, now: number): Account;
  /** Returns the account that a Basic Authorization header belongs to, by token or API key, or undefined. */
  authenticate(authorization: string | undefined): Account | undefined;
  clear(now: number): void;
}

/** Keeps the accounts; there is one from the start, the contract's demoAccount. */
export function createAccounts(now: number): Accounts {
  const bySid = new Map<string, Account>();

  function add(wanted: Partial<Account>, at: number): Account {
    const account: Account = {
      sid: wanted.sid ?? newSid('AC'),
      friendlyName: wanted.friendlyName ?? 'Simulated account',
      authToken: wanted.authToken ?? newSid(''),
      secondaryAuthToken: wanted.secondaryAuthToken ?? null,
      apiKeys: wanted.apiKeys ?? new Map(),
      trial: wanted.trial ?? false,
      verified: wanted.verified ?? new Set(),
      createdAt: at,
    };
    bySid.set(account.sid, account);
    return account;
  }

  function clear(at: number) {
    bySid.clear();
    add(
      {
        sid: demoAccount.accountSid,
        authToken: demoAccount.authToken,
        apiKeys: new Map([[demoAccount.apiKeySid, demoAccount.apiKeySecret]]),
        friendlyName: 'Trunkline demo',
      },
      at,
    );
  }

  clear(now);
  return {
    get: (sid) => bySid.get(sid),
    all: () => [...bySid.values()],
    add,
    clear,
    authenticate(authorization) {
      if (!authorization || !/^basic /i.test(authorization)) return undefined;
      const plain = Buffer.from(authorization.slice(6), 'base64').toString();
      const colon = plain.indexOf(':');
      const user = plain.slice(0, colon);
      const secret = plain.slice(colon + 1);
      if (colon < 1 || secret === '') return undefined;
      const account = bySid.get(user);
      if (account) {
        return secret === account.authToken || secret === account.secondaryAuthToken ? account : undefined;
      }
      for (const owner of bySid.values()) if (owner.apiKeys.get(user) === secret) return owner;
      return undefined;
    },
  };
}
