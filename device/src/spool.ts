import { join } from 'node:path';
import { type Disk, disk as ownDisk } from './disk.ts';
import { type Handled, openJournal } from './journal.ts';
import { type DeviceText, type OutgoingMessage, readText } from './text.ts';

/** Long enough that the server has given up offering a text whose ack it never got. */
const keepHandledMs = 7 * 24 * 3_600_000;

export type Spool = {
  /** Ids of the texts that are not handled yet, in the order they came. */
  waiting(): string[];
  handled: ReadonlyMap<string, Handled>;
  /** Keeps the texts it doesn't know. Durable when it resolves, to the ids of those that are new. */
  keep(texts: DeviceText[]): Promise<string[]>;
  /** A waiting text. Null: the disk has lost it; it is forgotten, and the server offers it again. */
  read(id: string): Promise<DeviceText | null>;
  /** Records durably that a text was handled, with a reply still to be sent. */
  done(id: string, at: number | null, reply: OutgoingMessage | null): Promise<void>;
  replied(id: string): Promise<void>;
  acked(id: string): Promise<void>;
  /** Forgets a text that the server has taken back. */
  drop(id: string): Promise<void>;
  /** Forgets what was handled and acked more than seven days ago, by the server's time. */
  compact(now: number | null): Promise<void>;
};

/**
 * The texts of a device on its disk, such that power may go at any moment.
 *
 *   texts/<place>-<id>.json   received and not yet handled: written aside, synced, renamed, and the folder synced
 *   done.log                  what was handled, what of it was acked
 */
export const openSpool = async (folder: string, disk: Disk = ownDisk): Promise<Spool> => {
  const texts = join(folder, 'texts');
  await disk.makeFolder(texts);
  const journal = await openJournal(disk, folder);

  /** Id → file, in the order of their coming. */
  const files = new Map<string, string>();
  let place = 0;
  for (const file of (await disk.list(texts)).sort()) {
    const [, digits, id] = /^(\d+)-(.+)\.json$/.exec(file) ?? [];
    // Half written, handled already, or there twice: what was being done to it when the power went.
    if (!digits || !id || journal.handled.has(id) || files.has(id)) {
      await disk.remove(join(texts, file));
      continue;
    }
    files.set(id, file);
    place = Math.max(place, Number(digits));
  }
  const remove = async (id: string) => {
    const file = files.get(id);
    files.delete(id);
    if (file) await disk.remove(join(texts, file));
  };

  return {
    waiting: () => [...files.keys()],
    handled: journal.handled,
    async keep(offered) {
      const fresh = new Map<string, DeviceText>();
      for (const text of offered)
        if (!files.has(text.id) && !journal.handled.has(text.id)) fresh.set(text.id, text);
      if (fresh.size === 0) return [];
      const named: [string, string][] = [];
      for (const [id, text] of fresh) {
        place += 1;
        const file = `${String(place).padStart(12, '0')}-${id}.json`;
        await disk.write(join(texts, `${file}.tmp`), JSON.stringify(text));
        await disk.rename(join(texts, `${file}.tmp`), join(texts, file));
        named.push([id, file]);
      }
      await disk.syncFolder(texts);
      for (const [id, file] of named) files.set(id, file);
      return [...fresh.keys()];
    },
    async read(id) {
      const file = files.get(id);
      if (!file) return null;
      const text = readText((await disk.read(join(texts, file))) ?? '');
      if (text?.id === id) return text;
      await remove(id);
      return null;
    },
    async done(id, at, reply) {
      await journal.done(id, at, reply);
      await remove(id);
    },
    replied: journal.replied,
    acked: journal.acked,
    drop: remove,
    compact: (now) => journal.compact(now, keepHandledMs),
  };
};
