import type { Provider, Verification } from '../providers/provider.ts';
import type { Check, Webhook } from './webhook.ts';

/**
 * Did the provider make this request? The signature is checked over the configured public address and the parameters as received;
 * where the request says it came to only helps to say what is wrong. In demo mode an unsigned request from this machine is let in,
 * so that curl lines work; a signature that is there must be right even then.
 */
export const verify = (
  provider: Provider,
  webhook: Webhook,
  { publicUrl, demo }: { publicUrl: string; demo: boolean },
): { ok: true; check: Check } | { ok: false; verification: Extract<Verification, { ok: false }> } => {
  if (webhook.signature === null && demo && webhook.fromThisMachine)
    return {
      ok: true,
      check: { name: 'verified', summary: 'Unsigned, from this machine: let in because of demo mode.' },
    };
  const verification = provider.verify(
    {
      urls: [publicUrl + webhook.target, webhook.seenUrl],
      rawBody: webhook.rawBody,
      params: webhook.params,
      signature: webhook.signature,
      contentType: webhook.contentType,
      accountSid: webhook.account.credentials.accountSid,
    },
    webhook.account.credentials.authTokens,
  );
  return verification.ok
    ? { ok: true, check: { name: 'verified', summary: 'The signature is right.' } }
    : { ok: false, verification };
};
