import { LRUCache } from 'lru-cache';
import { columns } from '../base/columns.ts';
import type { Db } from '../base/db.ts';
import { gather } from '../base/gather.ts';
import { newId } from '../base/ids.ts';

type Wanted = { organizationId: string; numberId: string; phoneNumber: string };
export type ConversationKey = { conversationId: string; contactId: string };

// Rows are taken in the order of the phone number in every batch, so that two batches with the same new contacts wait for each
// other instead of dead-locking. "do update" answers also those that another batch has just made.
const makeSql = `
with wanted as (
  select * from unnest($1::int[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[])
  as t (ordinal, organization_id, number_id, phone_number, contact_id, conversation_id)
), found_contacts as (
  insert into contacts as c (organization_id, id, phone_number)
  select distinct on (organization_id, phone_number) organization_id, contact_id, phone_number
  from wanted order by organization_id, phone_number
  on conflict (organization_id, phone_number) do update set phone_number = excluded.phone_number
  returning c.organization_id, c.id, c.phone_number
), found as (
  insert into conversations as v (organization_id, id, number_id, contact_id)
  select distinct on (w.organization_id, w.number_id, c.id) w.organization_id, w.conversation_id, w.number_id, c.id
  from wanted w join found_contacts c using (organization_id, phone_number)
  order by w.organization_id, w.number_id, c.id
  on conflict (organization_id, number_id, contact_id) do update set contact_id = excluded.contact_id
  returning v.organization_id, v.id, v.number_id, v.contact_id
)
select w.ordinal, v.id as "conversationId", c.id as "contactId"
from wanted w
join found_contacts c using (organization_id, phone_number)
join found v on v.organization_id = w.organization_id and v.number_id = w.number_id and v.contact_id = c.id`;

// Contact first, then conversation, whatever the planner thinks: on tables it knows nothing about yet it would rather walk through all
// conversations of the number for each phone, and a prepared statement keeps such a plan.
const readSql = `
select t.ordinal, v.id as "conversationId", c.id as "contactId"
from unnest($1::int[], $2::uuid[], $3::uuid[], $4::text[]) as t (ordinal, organization_id, number_id, phone_number)
cross join lateral (
  select id from contacts where organization_id = t.organization_id and phone_number = t.phone_number offset 0) c
cross join lateral (
  select id from conversations
  where organization_id = t.organization_id and number_id = t.number_id and contact_id = c.id offset 0) v`;

type Found = ConversationKey & { ordinal: number };

const ensureAll = async (db: Db, wanted: Wanted[]): Promise<ConversationKey[]> => {
  const rows = wanted.map((one, ordinal) => ({ ...one, ordinal }));
  const known = await db.query<Found>(
    readSql,
    columns(rows, 'ordinal', 'organizationId', 'numberId', 'phoneNumber'),
    'read-conversations',
  );
  const results = new Array<ConversationKey>(wanted.length);
  const fill = (found: Found[]) => {
    for (const { ordinal, conversationId, contactId } of found)
      results[ordinal] = { conversationId, contactId };
  };
  fill(known);
  if (known.length < wanted.length) {
    const missing = rows
      .filter((_, i) => results[i] === undefined)
      .map((one) => ({ ...one, contactId: newId(), conversationId: newId() }));
    fill(
      await db.query<Found>(
        makeSql,
        columns(
          missing,
          'ordinal',
          'organizationId',
          'numberId',
          'phoneNumber',
          'contactId',
          'conversationId',
        ),
        'make-conversations',
      ),
    );
  }
  return results;
};

/**
 * Finds the conversation between a number of ours and a phone, making contact and conversation when they are new. Known ones
 * come from memory: on the hot path this costs nothing.
 */
export const createConversations = (db: Db) => {
  const known = new LRUCache<string, ConversationKey>({ max: 200_000 });

  const ensure = gather((wanted: Wanted[]) => ensureAll(db, wanted));

  return {
    /** Resolves at once for a known pair. `phoneNumber` as written on the contact: E.164 or the sender as it came. */
    async of(organizationId: string, numberId: string, phoneNumber: string): Promise<ConversationKey> {
      const key = `${numberId} ${phoneNumber}`;
      const one = known.get(key);
      if (one) return one;
      const found = await ensure({ organizationId, numberId, phoneNumber });
      known.set(key, found);
      return found;
    },
  };
};
export type Conversations = ReturnType<typeof createConversations>;
