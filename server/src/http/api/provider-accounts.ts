import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { inboundUrl, statusUrl } from '../../outbound/callback-url.ts';
import type { Directory } from '../../store/directory.ts';
import type { ProviderAccounts } from '../../store/provider-accounts.ts';
import { ok, type Route, route } from '../route.ts';

const newAccountSchema = z.strictObject({
  provider: z.literal('twilio'),
  accountSid: z
    .string()
    .regex(/^AC[0-9a-f]{32}$/, 'An account SID is AC and 32 lower-case hexadecimal digits.'),
  authTokens: z.array(z.string().min(1).max(128)).min(1).max(4),
});

const accountSchema = z.object({
  id: z.uuid(),
  provider: z.string(),
  accountSid: z.string(),
  webhookUrl: z.string(),
  statusCallbackUrl: z.string(),
});

type Parts = {
  db: Db;
  accounts: ProviderAccounts;
  directory: Directory;
  publicUrl: string;
  statusCallbackUrl: string | null;
};

export const providerAccountRoutes = (parts: Parts): Route[] => {
  const present = async (id: string) => {
    const account = (await parts.accounts.byId(id))!;
    return {
      id,
      provider: account.provider,
      accountSid: account.credentials.accountSid,
      webhookUrl: inboundUrl(parts.publicUrl, account),
      statusCallbackUrl: statusUrl(parts.publicUrl, account, parts.statusCallbackUrl),
    };
  };
  return [
    route({
      method: 'get',
      path: '/v1/provider-accounts',
      who: 'admin',
      summary: 'List the provider accounts, without their tokens',
      answers: {
        status: 200,
        schema: z.object({ data: z.array(accountSchema), nextCursor: z.null() }),
        description: 'All accounts.',
      },
      handler: async ({ principal }) => {
        const rows = await parts.db.query<{ id: string }>(
          'select id from provider_accounts where organization_id = $1 order by created_at, id',
          [principal.organizationId],
        );
        return ok({ data: await Promise.all(rows.map((row) => present(row.id))), nextCursor: null });
      },
    }),
    route({
      method: 'post',
      path: '/v1/provider-accounts',
      who: 'owner',
      summary: 'Add a provider account with credentials of its own',
      body: newAccountSchema,
      answers: {
        status: 201,
        schema: accountSchema,
        description:
          'The account with the webhook addresses to set at the provider. The tokens are stored encrypted.',
      },
      handler: async ({ principal, body }) => {
        try {
          const id = await parts.accounts.add({
            organizationId: principal.organizationId,
            accountSid: body.accountSid,
            authTokens: body.authTokens,
            apiUrl: null,
            webhookKey: randomBytes(16).toString('base64url'),
          });
          parts.directory.changed();
          return { status: 201, body: await present(id) };
        } catch (error) {
          if ((error as { code?: string }).code === '23505')
            throw new Problem(409, 'account_exists', 'The organization has this account already.');
          throw error;
        }
      },
    }),
  ];
};
