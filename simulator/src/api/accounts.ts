import type { Account } from '../accounts.ts';
import { rfc2822 } from '../dates.ts';

/** An account as Twilio shows it to itself, token included. */
export function accountJson(account: Account): Record<string, unknown> {
  const base = `/2010-04-01/Accounts/${account.sid}`;
  return {
    sid: account.sid,
    owner_account_sid: account.sid,
    friendly_name: account.friendlyName,
    status: 'active',
    type: account.trial ? 'Trial' : 'Full',
    auth_token: account.authToken,
    date_created: rfc2822(account.createdAt),
    date_updated: rfc2822(account.createdAt),
    subresource_uris: {
      messages: `${base}/Messages.json`,
      incoming_phone_numbers: `${base}/IncomingPhoneNumbers.json`,
    },
    uri: `${base}.json`,
  };
}
