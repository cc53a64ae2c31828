import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import type { Disk } from '../src/disk.ts';
import { openSpool, type Spool } from '../src/spool.ts';
import type { DeviceText, OutgoingMessage } from '../src/text.ts';

class PowerCut extends Error {}

/** Numbers between 0 and 1 that are the same for the same seed (mulberry32). */
const randomFrom = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};

type File = { durable: string; now: string };

/**
 * A disk that keeps, when power goes, only what was synced, and of the rest any part: contents by file, names by folder. Power goes
 * at the step that is counted down to.
 */
const paperDisk = (random: () => number) => {
  let names = new Map<string, File>();
  /** Names as they surely are, by path; null: no such file. */
  let durable = new Map<string, File>();
  let left = Number.POSITIVE_INFINITY;
  const step = () => {
    left -= 1;
    if (left < 0) throw new PowerCut();
  };
  const some = (text: string) => text.slice(0, Math.floor(random() * (text.length + 1)));
  /** What is there of a content that wasn't synced: any part of what was added, or garbage in its place. */
  const torn = (file: File) => {
    if (!file.now.startsWith(file.durable)) return random() < 0.5 ? file.durable : some(file.now);
    const added = some(file.now.slice(file.durable.length));
    return file.durable + (random() < 0.2 ? '\0'.repeat(added.length) : added);
  };
  const disk: Disk = {
    async makeFolder() {},
    async list(folder) {
      return [...names.keys()]
        .filter((path) => dirname(path) === folder)
        .map((path) => path.slice(folder.length + 1));
    },
    async read(path) {
      return names.get(path)?.now ?? null;
    },
    async write(path, content) {
      const file: File = { durable: '', now: some(content) };
      names.set(path, file);
      step();
      file.now = content;
      step();
      file.durable = content;
    },
    async append(path, content, sync) {
      const file = names.get(path)!;
      const before = file.now;
      file.now += some(content);
      step();
      file.now = before + content;
      step();
      if (sync) file.durable = file.now;
    },
    async rename(from, to) {
      step();
      names.set(to, names.get(from)!);
      names.delete(from);
      step();
    },
    async remove(path) {
      step();
      names.delete(path);
      step();
    },
    async syncFolder(path) {
      step();
      for (const name of new Set([...names.keys(), ...durable.keys()])) {
        if (dirname(name) !== path) continue;
        const file = names.get(name);
        if (file) durable.set(name, file);
        else durable.delete(name);
      }
    },
  };
  return {
    disk,
    cutAfter(steps: number) {
      left = steps;
    },
    /** The disk as it is found when power is back. */
    restore() {
      left = Number.POSITIVE_INFINITY;
      const found = new Map<string, File>();
      for (const name of new Set([...names.keys(), ...durable.keys()])) {
        const file = random() < 0.5 ? names.get(name) : durable.get(name);
        if (!file) continue;
        const content = torn(file);
        found.set(name, { durable: content, now: content });
      }
      names = found;
      durable = new Map(found);
    },
  };
};

const textOf = (n: number) =>
  ({
    id: `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`,
    from: 'a',
    body: `text ${n}`,
  }) as DeviceText;

/** What the spool has promised by resolving. */
type Promised = { kept: Set<string>; done: Set<string>; replies: Map<string, OutgoingMessage> };

/** Lives with a spool until the power goes. */
const live = async (spool: Spool, random: () => number, promised: Promised, next: () => number) => {
  for (;;) {
    const chance = random();
    const waiting = spool.waiting();
    if (chance < 0.4 || waiting.length === 0) {
      const texts = Array.from({ length: 1 + Math.floor(random() * 3) }, () => textOf(next()));
      await spool.keep(texts);
      for (const { id } of texts) promised.kept.add(id);
    } else if (chance < 0.8) {
      const id = waiting[0]!;
      const reply = random() < 0.5 ? { textId: id, body: 'reply' } : null;
      await spool.done(id, null, reply);
      promised.done.add(id);
      if (reply) promised.replies.set(id, reply);
    } else if (chance < 0.9) {
      const [id] = [...spool.handled].find(([, one]) => !one.acked) ?? [];
      if (!id) continue;
      if (spool.handled.get(id)!.reply) {
        promised.replies.delete(id);
        await spool.replied(id);
      }
      await spool.acked(id);
    } else await spool.compact(null);
  }
};

test('whatever was kept or recorded is there after any power cut', { timeout: 60_000 }, async () => {
  for (let seed = 1; seed <= 1_500; seed++) {
    const random = randomFrom(seed);
    const paper = paperDisk(random);
    const promised: Promised = { kept: new Set(), done: new Set(), replies: new Map() };
    let texts = 0;
    for (let life = 0; life < 4; life++) {
      paper.cutAfter(Math.floor(random() * 80));
      try {
        await live(await openSpool('/spool', paper.disk), random, promised, () => ++texts);
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
      }
      paper.restore();
      // The power may go again while it is put in order.
      paper.cutAfter(random() < 0.3 ? Math.floor(random() * 10) : Number.POSITIVE_INFINITY);
      const opened = await openSpool('/spool', paper.disk).catch((error) => {
        if (!(error instanceof PowerCut)) throw error;
        paper.restore();
        return openSpool('/spool', paper.disk);
      });
      paper.cutAfter(Number.POSITIVE_INFINITY);
      const waiting = opened.waiting();
      for (const id of promised.kept) {
        const there = waiting.includes(id) ? (await opened.read(id))?.body : opened.handled.has(id);
        expect(there, `seed ${seed}: text ${id} was kept, and is lost`).toBeTruthy();
      }
      for (const id of promised.done) {
        expect(waiting, `seed ${seed}: text ${id} was recorded as handled, and waits`).not.toContain(id);
        expect(opened.handled.has(id), `seed ${seed}: text ${id} is no longer known as handled`).toBe(true);
      }
      for (const [id, reply] of promised.replies)
        expect(opened.handled.get(id)?.reply, `seed ${seed}: the reply to ${id} is lost`).toEqual(reply);
      expect(waiting, 'in the order they came').toEqual([...waiting].sort());
    }
  }
});

test('what was acked is forgotten after seven days of the server, and nothing else is', async () => {
  const paper = paperDisk(randomFrom(1));
  const day = 24 * 3_600_000;
  const spool = await openSpool('/spool', paper.disk);
  await spool.keep([1, 2, 3, 4].map(textOf));
  const [old, unacked, recent, unknown] = spool.waiting() as [string, string, string, string];
  await spool.done(old, 0, null);
  await spool.done(unacked, 0, null);
  await spool.done(recent, 2 * day, null);
  // While the server's time wasn't known yet.
  await spool.done(unknown, null, null);
  for (const id of [old, recent, unknown]) await spool.acked(id);
  await spool.compact(null);
  expect([...spool.handled.keys()]).toEqual([old, unacked, recent, unknown]);
  await spool.compact(8 * day);
  expect([...spool.handled.keys()]).toEqual([unacked, recent, unknown]);
  await spool.compact(14 * day);
  expect([...(await openSpool('/spool', paper.disk)).handled.keys()]).toEqual([unacked, unknown]);
});

test('a line that a full disk has cut off spoils no other', async () => {
  const { disk } = paperDisk(randomFrom(2));
  let full = false;
  const filling: Disk = {
    ...disk,
    async append(path, content, sync) {
      await disk.append(path, full ? content.slice(0, 20) : content, sync);
      if (full) throw new Error('ENOSPC');
    },
  };
  const spool = await openSpool('/spool', filling);
  await spool.keep([1, 2].map(textOf));
  const [first, second] = spool.waiting() as [string, string];
  full = true;
  await expect(spool.done(first, null, null)).rejects.toThrow('ENOSPC');
  expect(spool.waiting()).toContain(first);
  full = false;
  await spool.done(second, null, null);
  const opened = await openSpool('/spool', disk);
  expect([...opened.handled.keys()]).toEqual([second]);
  expect(opened.waiting()).toEqual([first]);
});
