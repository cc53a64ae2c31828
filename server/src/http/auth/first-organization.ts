import type { Db } from '../../base/db.ts';

/**
 * The installation's own organization: the one whose provider account is that of the settings (no webhook key), else the oldest.
 * With `lock` its row stays locked until the transaction ends. Null when there is none yet.
 */
export const firstOrganization = async (db: Db, { lock = false } = {}): Promise<string | null> => {
  const [row] = await db.query<{ id: string }>(
    `select o.id from organizations o
     order by exists (select from provider_accounts p where p.organization_id = o.id and p.webhook_key is null) desc,
       o.created_at, o.id
     limit 1${lock ? ' for update of o' : ''}`,
  );
  return row?.id ?? null;
};
