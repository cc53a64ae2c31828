import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../src/base/db.ts';
import { newestCursor, readEvents } from '../src/events/read.ts';
import { createDatabase, type TestDatabase } from './database.ts';

let ours: TestDatabase;
let neighbours: TestDatabase;
let db: Database;
let neighbour: Database;

beforeAll(async () => {
  [ours, neighbours] = await Promise.all([createDatabase(), createDatabase()]);
  db = openDatabase(ours.url);
  neighbour = openDatabase(neighbours.url);
});

afterAll(async () => {
  await Promise.all([db.close(), neighbour.close()]);
  await Promise.all([ours.drop(), neighbours.drop()]);
});

const organizationId = '00000000-0000-7000-8000-000000000001';
const append = (on: Pick<Database, 'query'>, type: string) =>
  on.query(`insert into events (organization_id, type, data) values ($1, $2, '{}')`, [organizationId, type]);

test("a neighbouring database's long transaction does not hold up events", async () => {
  const start = await newestCursor(db);
  await neighbour.transaction(async (tx) => {
    await append(tx, 'neighbour');
    await append(db, 'ours');
    expect((await readEvents(db, start, organizationId, 10)).map((row) => row.type)).toEqual(['ours']);
  });
});

test('an event never appears behind the cursor: later ones wait for an older transaction of ours', async () => {
  const start = await newestCursor(db);
  const types = async (after = start) =>
    (await readEvents(db, after, organizationId, 10)).map((row) => row.type);
  await db.transaction(async (tx) => {
    await append(tx, 'first');
    await append(db, 'second');
    expect(await types()).toEqual([]);
    expect(await types(await newestCursor(db))).toEqual([]);
  });
  expect(await types()).toEqual(['first', 'second']);
});

test('no event is skipped or repeated while many transactions of any length overlap', async () => {
  let cursor = await newestCursor(db);
  const seen: string[] = [];
  let writing = true;
  const reader = (async () => {
    for (;;) {
      const last = !writing;
      const rows = await readEvents(db, cursor, organizationId, 50);
      for (const row of rows) seen.push(row.type);
      const end = rows.at(-1);
      if (end) cursor = { tx: end.tx, seq: end.seq };
      else if (last) return;
    }
  })();
  const names = Array.from({ length: 400 }, (_, i) => `event ${i}`);
  await Promise.all(
    names.map((name, i) =>
      db.transaction(async (tx) => {
        await append(tx, name);
        for (let k = 0; k < i % 7; k++) await tx.query('select 1');
      }),
    ),
  );
  writing = false;
  await reader;
  expect(seen.toSorted()).toEqual(names.toSorted());
});
