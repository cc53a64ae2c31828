import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onEnd } from './ends.ts';
import { neededProgram } from './install.ts';
import type { BenchDatabase } from './postgres.ts';

/** What pgbench inserts, one row per transaction: as many bytes of text as one of our short texts, and two unique keys. */
const table = `create table bench_insert (id uuid primary key, sid text not null unique, a text not null, b text not null,
  body text not null, created_at timestamptz not null default now())`;
const script = `\\set n random(1, 4611686018427387904)
\\set c random(1000000, 1004999)
insert into bench_insert (id, sid, a, b, body) values (uuidv7(), 'SM' || md5(:n::text), '+1415' || :c, '+14155550100', 'Hi, is the room still free on Friday? We would arrive at about nine in the evening.');
`;

export type Inserted = { perSecond: number; averageMs: number };

/** Prepares pgbench on a database. Returns what runs it for some seconds. */
export const preparePgbench = async (
  database: BenchDatabase,
  clients: number,
): Promise<(seconds: number) => Promise<Inserted>> => {
  const program = neededProgram('pgbench');
  await database.query(table);
  const folder = await mkdtemp(join(tmpdir(), 'trunkline-bench-'));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'insert.sql');
  await writeFile(file, script);
  return async (seconds) => {
    const child = spawn(
      program,
      [
        '-n',
        '-f',
        file,
        '-c',
        String(clients),
        '-j',
        '2',
        '-M',
        'prepared',
        '-T',
        String(seconds),
        database.url,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const stop = onEnd(() => child.kill('SIGKILL'));
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        printed += chunk;
      });
    await once(child, 'close');
    await stop();
    const perSecond = Number(/tps = ([\d.]+)/.exec(printed)?.[1]);
    if (!(perSecond > 0) || /aborted in command/.test(printed))
      throw new Error(`pgbench failed:\n${printed}`);
    return { perSecond, averageMs: Number(/latency average = ([\d.]+)/.exec(printed)?.[1]) };
  };
};
