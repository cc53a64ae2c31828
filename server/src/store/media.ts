import { columns } from '../base/columns.ts';
import type { Db } from '../base/db.ts';

/** A medium that this process alone may fetch, until its lease ends. */
export type ClaimedMedia = {
  organizationId: string;
  id: string;
  messageId: string;
  conversationId: string;
  numberId: string;
  position: number;
  url: string;
  /** What the provider says it is. */
  announced: string | null;
  attempt: number;
};

// One whose lease ran out is due like one that was never claimed: its worker died.
const claimSql = `
with due as (
  select organization_id, id from media
  where status = 'waiting' and run_at <= now() and (lease_until is null or lease_until < now())
  order by run_at limit $1 for update skip locked
), claimed as (
  update media m set attempts = m.attempts + 1, lease_until = now() + $2 * interval '1 second'
  from due where m.organization_id = due.organization_id and m.id = due.id
  returning m.*
)
select c.organization_id as "organizationId", c.id, c.message_id as "messageId", m.conversation_id as "conversationId",
  m.number_id as "numberId", c.position, c.provider_url as url, c.content_type as announced, c.attempts as attempt
from claimed c join messages m on m.organization_id = c.organization_id and m.id = c.message_id`;

export const claimMedia = (db: Db, limit: number, leaseSeconds: number): Promise<ClaimedMedia[]> =>
  db.query<ClaimedMedia>(claimSql, [limit, leaseSeconds], 'claim-media');

/** Keeps the leases of media that are still being fetched. */
export const renewMedia = async (db: Db, media: ClaimedMedia[], leaseSeconds: number): Promise<void> => {
  await db.query(
    `update media m set lease_until = now() + $4 * interval '1 second'
     from unnest($1::uuid[], $2::uuid[], $3::smallint[]) as mine (organization_id, id, attempt)
     where m.organization_id = mine.organization_id and m.id = mine.id and m.attempts = mine.attempt and m.status = 'waiting'`,
    [...columns(media, 'organizationId', 'id', 'attempt'), leaseSeconds],
    'renew-media',
  );
};

export type MediaEnd =
  | { kind: 'stored'; contentType: string; bytes: number; storedAs: string }
  | { kind: 'failed'; reason: string }
  | { kind: 'retrying'; reason: string; afterMs: number };

// The attempt's number is the fence: once another worker has claimed it, the late one writes nothing.
const endSql = `
with ended as (
  update media set lease_until = null, status = $4, content_type = coalesce($5, content_type), bytes = $6, stored_as = $7, reason = $8,
    run_at = now() + $9 * interval '1 millisecond'
  where organization_id = $1 and id = $2 and attempts = $3 and status = 'waiting'
  returning organization_id, id, message_id
), appended as (
  insert into events (organization_id, type, conversation_id, message_id, data)
  select organization_id, $10, $11, message_id, $12 from ended
)
select id from ended`;

/**
 * Ends an attempt: stored, failed for good, or to be tried again; with the step on its message's record.
 * @returns false when the medium is no longer this attempt's.
 */
export const endMedia = async (db: Db, media: ClaimedMedia, end: MediaEnd): Promise<boolean> => {
  const { kind, ...detail } = end;
  const { storedAs: _, ...told } = { storedAs: null, ...detail };
  const rows = await db.query(
    endSql,
    [
      media.organizationId,
      media.id,
      media.attempt,
      kind === 'retrying' ? 'waiting' : kind,
      kind === 'stored' ? end.contentType : null,
      kind === 'stored' ? end.bytes : null,
      kind === 'stored' ? end.storedAs : null,
      kind === 'stored' ? null : end.reason,
      kind === 'retrying' ? end.afterMs : 0,
      `media.${kind}`,
      media.conversationId,
      JSON.stringify({ mediaId: media.id, position: media.position, attempt: media.attempt, ...told }),
    ],
    'end-media',
  );
  return rows.length > 0;
};

/** Puts on the message's record whether a stored medium could be deleted at the provider. */
export const recordDeletion = async (db: Db, media: ClaimedMedia, reason: string | null): Promise<void> => {
  await db.query(
    `insert into events (organization_id, type, conversation_id, message_id, data) values ($1, $2, $3, $4, $5)`,
    [
      media.organizationId,
      reason === null ? 'media.deleted' : 'media.not_deleted',
      media.conversationId,
      media.messageId,
      JSON.stringify({ mediaId: media.id, position: media.position, ...(reason !== null && { reason }) }),
    ],
    'record-media-deletion',
  );
};

export type MediaRow = {
  messageId: string;
  id: string;
  status: 'waiting' | 'stored' | 'failed';
  contentType: string | null;
};

/** The media of some messages of an organization, in their order within each message. */
export const mediaOfMessages = (db: Db, organizationId: string, messageIds: string[]): Promise<MediaRow[]> =>
  db.query<MediaRow>(
    `select message_id as "messageId", id, status, content_type as "contentType" from media
     where organization_id = $1 and message_id = any($2) order by message_id, position`,
    [organizationId, messageIds],
    'media-of-messages',
  );

export type StoredMedia = {
  id: string;
  status: 'waiting' | 'stored' | 'failed';
  contentType: string | null;
  bytes: number | null;
  storedAs: string | null;
  reason: string | null;
};

/** A medium by its id alone: for its signed address, which stands in for the organization. */
export const findMedia = async (db: Db, id: string): Promise<StoredMedia | null> =>
  (
    await db.query<StoredMedia>(
      `select id, status, content_type as "contentType", bytes, stored_as as "storedAs", reason from media where id = $1`,
      [id],
      'find-media',
    )
  )[0] ?? null;
