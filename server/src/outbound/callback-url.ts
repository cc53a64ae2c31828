import type { ProviderAccount } from '../store/provider-accounts.ts';

/** The address incoming texts of an account come to; the opaque key is in the path, and signed with it. */
export const inboundUrl = (publicUrl: string, account: Pick<ProviderAccount, 'provider' | 'webhookKey'>) =>
  `${publicUrl}/webhooks/${account.provider}/sms${account.webhookKey ? `/${account.webhookKey}` : ''}`;

/** The address of an account's delivery receipts; the adapter adds the message's id. */
export const statusUrl = (
  publicUrl: string,
  account: Pick<ProviderAccount, 'provider' | 'webhookKey'>,
  ofSettings: string | null,
) =>
  account.webhookKey === null && ofSettings
    ? ofSettings
    : `${publicUrl}/webhooks/${account.provider}/status${account.webhookKey ? `/${account.webhookKey}` : ''}`;
