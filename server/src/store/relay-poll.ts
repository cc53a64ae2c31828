import type { Db } from '../base/db.ts';

/** Which texts of a device: those sent to one of our numbers, or those other devices wrote to it. */
export type RelayQueue = { organizationId: string; deviceId: string; numberId: string | null };

/** A text as a poll hands it out; `offer` tells this hand-out from a later one. */
export type PolledText = {
  id: string;
  offer: number;
  messageId: string | null;
  providerSid: string | null;
  from: string;
  to: string;
  body: string;
  /** As they came: from the provider, or from the other device. */
  mediaUrls: string[];
  /** UTC with microseconds and without a zone, as the first relay wrote it. */
  at: string;
};

const ofQueue = `organization_id = $1 and device_id = $2
  and case when $3::uuid is null then message_id is null else number_id = $3 end`;
const isDue = `(status = 'waiting' and run_at <= now()
    or status = 'leased' and written_at is null and lease_until < now())`;

// What the last response brought counts as taken now; then everything that waits is leased. One statement, so that a crash leaves
// both or neither. A batch that broke off is offered again in smaller bites, so that one too large for its line gets through.
const sql = `
with taken as (
  update device_texts set status = 'taken', taken_at = now(), lease_until = null
  where ${ofQueue} and status = 'leased' and written_at is not null
  returning *
), seen as (
  update devices set last_seen_at = now(),
    last_taken_at = case when exists (select 1 from taken) then now() else last_taken_at end
  where organization_id = $1 and id = $2
), bite as (
  select case attempts when 0 then null else greatest(1, 128 >> least(attempts, 8)) end as most
  from device_texts where ${ofQueue} and ${isDue} order by run_at, id limit 1
), chosen as (
  select id from device_texts where ${ofQueue} and ${isDue}
  order by run_at, id limit (select most from bite) for update skip locked
), leased as (
  update device_texts t set status = 'leased', attempts = t.attempts + 1, offer = nextval('device_offers'), written_at = null,
    lease_until = now() + make_interval(secs => $4)
  from chosen where t.organization_id = $1 and t.device_id = $2 and t.id = chosen.id
  returning t.*
), appended as (
  insert into events (organization_id, type, conversation_id, message_id, data)
  select t.organization_id, t.type, t.conversation_id, t.message_id,
    jsonb_build_object('deviceId', t.device_id, 'device', d.name, 'textId', t.id, 'attempt', t.attempts)
  from (
    select 'device.taken' as type, organization_id, device_id, id, conversation_id, message_id, attempts from taken
    union all select 'device.offered', organization_id, device_id, id, conversation_id, message_id, attempts from leased
  ) t join devices d on d.organization_id = t.organization_id and d.id = t.device_id
  where t.message_id is not null order by t.type desc, t.id
)
select l.id, l.offer, l.message_id as "messageId", m.provider_sid as "providerSid", l.from_address as from, l.to_address as to, l.body,
  coalesce(m.media_urls, l.media_urls, '[]') as "mediaUrls",
  to_char(coalesce(m.created_at, l.created_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') as at
from leased l left join messages m on m.organization_id = l.organization_id and m.id = l.message_id
order by l.run_at, l.id`;

/**
 * One poll: notes that the device is there, counts as taken what was written to it before, and leases what waits for
 * `leaseSeconds`, the oldest first.
 */
export const poll = (db: Db, queue: RelayQueue, leaseSeconds: number): Promise<PolledText[]> =>
  db.query<PolledText>(
    sql,
    [queue.organizationId, queue.deviceId, queue.numberId, leaseSeconds],
    'relay-poll',
  );

const offered = `from unnest($3::uuid[], $4::bigint[]) as o (id, offer)
  where t.organization_id = $1 and t.device_id = $2 and t.id = o.id and t.offer = o.offer and t.status = 'leased'
    and t.written_at is null`;
const offers = (queue: RelayQueue, texts: PolledText[]) => [
  queue.organizationId,
  queue.deviceId,
  texts.map((text) => text.id),
  texts.map((text) => text.offer),
];

/** The response that held these went out whole: they count as taken at the next poll, however late it comes. */
export const markWritten = async (db: Db, queue: RelayQueue, texts: PolledText[]): Promise<void> => {
  await db.query(`update device_texts t set written_at = now() ${offered}`, offers(queue, texts));
};

/** The response broke off: they wait again, in their old places. */
export const putBack = async (db: Db, queue: RelayQueue, texts: PolledText[]): Promise<void> => {
  await db.query(
    `update device_texts t set status = 'waiting', lease_until = null ${offered}`,
    offers(queue, texts),
  );
};

/** How many texts wait in a queue, or were handed out and may still come back. */
export const countPending = async (db: Db, queue: RelayQueue): Promise<number> => {
  const [row] = await db.query<{ count: number }>(
    `select count(*) as count from device_texts where ${ofQueue}
       and (status = 'waiting' or status = 'leased' and written_at is null)`,
    [queue.organizationId, queue.deviceId, queue.numberId],
  );
  return row!.count;
};
