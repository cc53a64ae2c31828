import type { Db } from '../base/db.ts';
import { newId } from '../base/ids.ts';
import type { Sealer } from '../base/secrets.ts';
import type { Credentials } from '../providers/provider.ts';

export type ProviderAccount = {
  id: string;
  organizationId: string;
  provider: 'twilio';
  /** The opaque part of its webhook addresses; null for the account of the settings. */
  webhookKey: string | null;
  credentials: Credentials;
};

type AccountRow = {
  id: string;
  organizationId: string;
  provider: 'twilio';
  accountSid: string;
  sealedTokens: Buffer | null;
  apiUrl: string | null;
  webhookKey: string | null;
};

const select = `select id, organization_id as "organizationId", provider, account_sid as "accountSid",
  sealed_tokens as "sealedTokens", api_url as "apiUrl", webhook_key as "webhookKey" from provider_accounts`;

/** Finds accounts, with their credentials: those of the settings, or stored ones unsealed. */
export const providerAccounts = (db: Db, sealer: Sealer, ofSettings: Credentials) => {
  const complete = (row: AccountRow): ProviderAccount => ({
    id: row.id,
    organizationId: row.organizationId,
    provider: row.provider,
    webhookKey: row.webhookKey,
    credentials: row.sealedTokens
      ? {
          accountSid: row.accountSid,
          authTokens: JSON.parse(sealer.open(row.sealedTokens)) as string[],
          apiUrl: row.apiUrl ?? ofSettings.apiUrl,
        }
      : ofSettings,
  });
  return {
    /** The account whose webhooks come to the address with this key; null: the one of the settings. */
    async byWebhookKey(key: string | null): Promise<ProviderAccount | null> {
      const rows = await db.query<AccountRow>(
        key === null ? `${select} where webhook_key is null` : `${select} where webhook_key = $1`,
        key === null ? [] : [key],
      );
      return rows[0] ? complete(rows[0]) : null;
    },
    async byId(id: string): Promise<ProviderAccount | null> {
      const rows = await db.query<AccountRow>(`${select} where id = $1`, [id]);
      return rows[0] ? complete(rows[0]) : null;
    },
    /** Adds an account of an organization with credentials of its own, stored sealed. */
    async add(account: {
      organizationId: string;
      accountSid: string;
      authTokens: string[];
      apiUrl: string | null;
      webhookKey: string;
    }): Promise<string> {
      const id = newId();
      await db.query(
        `insert into provider_accounts (id, organization_id, provider, account_sid, sealed_tokens, api_url, webhook_key)
         values ($1, $2, 'twilio', $3, $4, $5, $6)`,
        [
          id,
          account.organizationId,
          account.accountSid,
          sealer.seal(JSON.stringify(account.authTokens)),
          account.apiUrl,
          account.webhookKey,
        ],
      );
      return id;
    },
  };
};
export type ProviderAccounts = ReturnType<typeof providerAccounts>;
