import { LRUCache } from 'lru-cache';
import { columns } from '../base/columns.ts';
import type { Db } from '../base/db.ts';
import { gather } from '../base/gather.ts';
import { newId } from '../base/ids.ts';

type Wanted = { organizationId: string; numberId: string; phoneNumber: string };
export type ConversationKey = { conversationId: string; contactId: string };

// Rows are taken in the order of the phone number in every batch, so that two batches with the same new contacts wait for each
// other instead of dead-locking.
const contactsSql = `
insert into contacts (organization_id, id, phone_number)
select organization_id, id, phone_number
from unnest($1::uuid[], $2::uuid[], $3::text[]) as t (organization_id, id, phone_number)
order by organization_id, phone_number
on conflict (organization_id, phone_number) do nothing`;

const conversationsSql = `
insert into conversations (organization_id, id, number_id, contact_id)
select t.organization_id, t.id, t.number_id, c.id
from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[]) as t (organization_id, id, number_id, phone_number)
join contacts c on c.organization_id = t.organization_id and c.phone_number = t.phone_number
order by t.organization_id, t.number_id, c.id
on conflict (organization_id, number_id, contact_id) do nothing`;

const readSql = `
select t.ordinal, v.id as "conversationId", c.id as "contactId"
from unnest($1::int[], $2::uuid[], $3::uuid[], $4::text[]) as t (ordinal, organization_id, number_id, phone_number)
join contacts c on c.organization_id = t.organization_id and c.phone_number = t.phone_number
join conversations v on v.organization_id = t.organization_id and v.number_id = t.number_id and v.contact_id = c.id`;

const read = async (db: Db, wanted: Wanted[]): Promise<(ConversationKey | undefined)[]> => {
  const rows = wanted.map((one, ordinal) => ({ ...one, ordinal }));
  const found = await db.query<ConversationKey & { ordinal: number }>(
    readSql,
    columns(rows, 'ordinal', 'organizationId', 'numberId', 'phoneNumber'),
    'read-conversations',
  );
  const results = new Array<ConversationKey | undefined>(wanted.length).fill(undefined);
  for (const { ordinal, conversationId, contactId } of found)
    results[ordinal] = { conversationId, contactId };
  return results;
};

/**
 * Finds the conversation between a number of ours and a phone, making contact and conversation when they are new. Known ones
 * come from memory: on the hot path this costs nothing.
 */
export const createConversations = (db: Db) => {
  const known = new LRUCache<string, ConversationKey>({ max: 200_000 });

  const ensure = gather(async (wanted: Wanted[]): Promise<ConversationKey[]> => {
    const first = await read(db, wanted);
    const missing = wanted.filter((_, i) => first[i] === undefined).map((one) => ({ ...one, id: newId() }));
    if (missing.length > 0) {
      await db.query(contactsSql, columns(missing, 'organizationId', 'id', 'phoneNumber'), 'new-contacts');
      const fresh = missing.map((one) => ({ ...one, id: newId() }));
      await db.query(
        conversationsSql,
        columns(fresh, 'organizationId', 'id', 'numberId', 'phoneNumber'),
        'new-conversations',
      );
    }
    const all = missing.length > 0 ? await read(db, wanted) : first;
    return all.map((one) => one!);
  });

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
