import { whole } from './figures.ts';
import { historyPhones } from './phones.ts';
import type { BenchDatabase } from './postgres.ts';

const chunk = 250_000;
const tables = ['contacts', 'conversations', 'messages', 'events'];

/**
 * Fills the tables as `messages` texts over 100,000 conversations would have left them: half of them came in, half went out and were
 * delivered, over the last 90 days, with one event for each text in and two for each text out. Secondary indexes are built at the end.
 */
export const fillHistory = async (database: BenchDatabase, messages: number): Promise<void> => {
  const indexes = await database.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
     where indrelid::regclass::text in ('messages', 'events') and not indisprimary
       and not exists (select from pg_constraint where conindid = indexrelid)`,
  );
  for (const { name } of indexes) await database.query(`drop index ${name}`);
  await database.query(
    `insert into contacts (organization_id, id, phone_number)
     select organization_id, uuidv7('-90 days'), '+1416' || (2000000 + g)
     from numbers, generate_series(0, ${historyPhones - 1}) g`,
  );
  await database.query(
    `insert into conversations (organization_id, id, number_id, contact_id)
     select c.organization_id, uuidv7('-90 days'), n.id, c.id
     from contacts c join numbers n using (organization_id)`,
  );
  await database.query(
    `create table filling as select row_number() over () - 1 as ordinal, v.id, v.number_id, c.phone_number
     from conversations v join contacts c on c.id = v.contact_id`,
  );
  await database.query('create unique index on filling (ordinal)');
  await database.query('analyze filling');
  for (let first = 0; first < messages; first += chunk) {
    const last = Math.min(first + chunk, messages) - 1;
    // Random conversations, so that those of one are spread over the table as they are in life.
    await database.query(
      `with texts as materialized (
         select g % 2 = 0 as inbound, uuidv7(interval '90 days' * (g - ${messages})::float8 / ${messages} - interval '1 hour') as id,
           floor(random() * ${historyPhones})::int as ordinal,
           now() + interval '90 days' * (g - ${messages})::float8 / ${messages} - interval '1 hour' as at
         from generate_series(${first}, ${last}) g
       ), written as (
         insert into messages (organization_id, id, conversation_id, number_id, direction, status, author, provider_sid, from_address,
           to_address, body, segments, encoding, run_at, attempts, attempt_at, created_at, sent_at, delivered_at)
         select n.organization_id, t.id, f.id, n.id, case when inbound then 'inbound' else 'outbound' end,
           case when inbound then 'received' else 'delivered' end, case when inbound then 'contact' else 'api' end,
           'SM' || md5(t.id::text), case when inbound then f.phone_number else n.phone_number end,
           case when inbound then n.phone_number else f.phone_number end,
           'A text of an ordinary length, which was sent or received some time ago; the bill was paid.', 1, 'gsm7', at,
           case when inbound then 0 else 1 end, case when inbound then null else at end, at,
           case when inbound then null else at end, case when inbound then null else at end
         from texts t join filling f using (ordinal) cross join numbers n
         returning organization_id, id, conversation_id, created_at, direction
       )
       insert into events (organization_id, type, at, conversation_id, message_id, status, data)
       select organization_id, e.type, created_at, conversation_id, id, e.status,
         '{"checks":[{"name":"verified","summary":"The signature is right."},{"name":"screened","summary":"Nothing speaks against answering."}]}'
       from written join (values ('inbound', 'message.received', 'received'), ('outbound', 'message.accepted', 'queued'),
         ('outbound', 'message.delivered', 'delivered')) e (direction, type, status) using (direction)`,
    );
    if (process.stdout.isTTY) process.stdout.write(`\r  ${whole(last + 1)} messages …`);
  }
  if (process.stdout.isTTY) process.stdout.write('\r');
  for (const { definition } of indexes) await database.query(definition);
  await database.query('drop table filling');
  for (const table of tables) await database.query(`vacuum (analyze) ${table}`);
};
