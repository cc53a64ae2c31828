import type { Db } from '../base/db.ts';
import { newId } from '../base/ids.ts';
import { sha256 } from '../base/secrets.ts';

export type QuarantineReason =
  | 'missing_signature'
  | 'wrong_url'
  | 'wrong_token'
  | 'altered_parameters'
  | 'unknown_number'
  | 'unknown_message';

/** A webhook that could not be taken as it was, whole. */
export type Quarantined = {
  id: string;
  organizationId: string;
  providerAccountId: string;
  kind: 'inbound' | 'status';
  reason: QuarantineReason;
  detail: string;
  url: string;
  signature: string | null;
  rawBody: string;
  receivedAt: Date;
  replayedAt: Date | null;
};

/**
 * Unreplayed rows an organization may have before unverified webhooks are no longer kept: an attacker's rubbish must neither fill
 * the disk nor push out what is real. Verified ones are always kept.
 */
const limit = 10_000;

/** Keeps a webhook. The same body for the same reason is kept once. Returns false when the quarantine is full. */
export const quarantine = async (
  db: Db,
  kept: Omit<Quarantined, 'id' | 'receivedAt' | 'replayedAt'>,
): Promise<boolean> => {
  // PostgreSQL's text takes no NUL; in a form, encoded is the same.
  const rawBody = kept.rawBody.replaceAll('\0', '%00');
  const fingerprint = sha256(`${kept.kind} ${kept.reason} ${rawBody}`).toString('hex');
  const rows = await db.query(
    `insert into quarantine (id, organization_id, provider_account_id, kind, reason, detail, url, signature, raw_body, fingerprint)
     select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
     where $5 in ('unknown_number', 'unknown_message')
       or (select count(*) from (select 1 from quarantine where organization_id = $2 and replayed_at is null limit $11) q) < $11
     on conflict (organization_id, fingerprint) do update set received_at = excluded.received_at returning id`,
    [
      newId(),
      kept.organizationId,
      kept.providerAccountId,
      kept.kind,
      kept.reason,
      kept.detail,
      kept.url,
      kept.signature,
      rawBody,
      fingerprint,
      limit,
    ],
  );
  return rows.length > 0;
};

const select = `select id, organization_id as "organizationId", provider_account_id as "providerAccountId", kind, reason, detail,
  url, signature, raw_body as "rawBody", received_at as "receivedAt", replayed_at as "replayedAt" from quarantine`;

/** An organization's quarantine, the newest first. */
export const listQuarantine = (
  db: Db,
  organizationId: string,
  page: { limit: number; cursor?: string | undefined },
): Promise<Quarantined[]> =>
  db.query<Quarantined>(
    `${select} where organization_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3`,
    [organizationId, page.cursor ?? null, page.limit],
  );

/** Texts to numbers that were not here when they came, the oldest first; at most a thousand. */
export const listUnknownNumber = (db: Db, organizationId: string): Promise<Quarantined[]> =>
  db.query<Quarantined>(
    `${select} where organization_id = $1 and reason = 'unknown_number' and kind = 'inbound' and replayed_at is null
     order by id limit 1000`,
    [organizationId],
  );

export const readQuarantined = async (
  db: Db,
  organizationId: string,
  id: string,
): Promise<Quarantined | null> =>
  (
    await db.query<Quarantined>(`${select} where organization_id = $1 and id = $2`, [organizationId, id])
  )[0] ?? null;

export const markReplayed = async (db: Db, organizationId: string, id: string): Promise<void> => {
  await db.query('update quarantine set replayed_at = now() where organization_id = $1 and id = $2', [
    organizationId,
    id,
  ]);
};
