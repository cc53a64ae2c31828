import type { Database } from '../../src/base/db.ts';
import { until } from './until.ts';

/** The rows whose writing is a step on a text's way. */
const steps = {
  'the text is recorded': `insert on messages for each row when (new.direction = 'inbound')`,
  'the turn begins': `update on turns for each row when (old.status = 'waiting' and new.status = 'running')`,
  'the turn is put back': `update on turns for each row when (old.status = 'running' and new.status = 'waiting')`,
  'the reply is accepted': `insert on messages for each row when (new.direction = 'outbound')`,
  'the reply is claimed': `update on messages for each row when (old.status = 'queued' and new.status = 'sending')`,
  'the reply is settled': `update on messages for each row when (old.status = 'sending' and new.status = 'sent')`,
  'a retry is settled': `update on messages for each row when (old.status = 'sending' and new.status = 'queued')`,
  'the outcome is unclear': `update on messages for each row when (old.status = 'sending' and new.status = 'unknown')`,
  'the outcome is found': `update on messages for each row
    when (old.status = 'unknown' and new.provider_sid is not null and new.status in ('sent', 'delivered'))`,
  'it is sent again': `update on messages for each row when (old.status = 'unknown' and new.status = 'queued')`,
  'the receipt is taken': `update on messages for each row when (new.status = 'delivered' and old.status <> 'delivered')`,
} as const;

/** A step, stalled in its commit; `early`, in its statement, before the transaction has gone on to what follows. */
export type Step = keyof typeof steps | 'the reply is accepted, early';

/** `undone`: it rolls back, as if the server had died before it. `done`: it commits, and nobody is left to hear of it. */
export type Ending = 'undone' | 'done';

const key = 4_711;
const early = ', early';

/**
 * Makes a database in which any one step can be stalled in its very statement: triggers that, while their step is armed, wait for an
 * advisory lock that the test holds. Without a hook in the server, its process can so be killed exactly there.
 */
export const installStalls = async (db: Database) => {
  await db.query('create table armed (step text primary key)');
  await db.query(`create function stall() returns trigger language plpgsql as $$
    begin
      if exists (select from armed where step = tg_argv[0]) then perform pg_advisory_xact_lock(${key}); end if;
      return new;
    end $$`);
  for (const [i, [step, when]] of Object.entries(steps).entries())
    await db.query(
      `create constraint trigger stall_${i} after
       ${when.replace('for each row', 'deferrable initially deferred for each row')} execute function stall('${step}')`,
    );
  await db.query(
    `create trigger stall_early before ${steps['the reply is accepted']} execute function stall('the reply is accepted${early}')`,
  );
};

/** Arms a step. The server stalls when it comes there. */
export const armStall = async (db: Database, step: Step) => {
  const holder = await db.pool.connect();
  await holder.query('select pg_advisory_lock($1)', [key]);
  await db.query('insert into armed values ($1)', [step]);
  return {
    /** Resolves when the server has come to the step and waits there. */
    reached: () =>
      until(`the server to come to where ${step}`, async () => (await waiting(db)).length > 0, 15_000),
    /** Ends the stall, and resolves when the transaction has ended. */
    async end(ending: Ending) {
      const pids = await waiting(db);
      await db.query('delete from armed');
      if (ending === 'undone')
        await db.query('select pg_terminate_backend(pid) from unnest($1::int[]) as pid', [pids]);
      else await holder.query('select pg_advisory_unlock($1)', [key]);
      await until('the stalled transaction to end', async () => {
        const left = await db.query('select from pg_stat_activity where pid = any($1)', [pids]);
        return left.length === 0;
      });
      if (ending === 'undone') await holder.query('select pg_advisory_unlock($1)', [key]);
      holder.release();
    },
  };
};

const waiting = async (db: Database): Promise<number[]> =>
  (
    await db.query<{ pid: number }>(
      `select l.pid from pg_locks l join pg_database d on d.oid = l.database
       where d.datname = current_database() and l.locktype = 'advisory' and l.objid = $1 and not l.granted`,
      [key],
    )
  ).map((row) => row.pid);
