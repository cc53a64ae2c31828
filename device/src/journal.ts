import { join } from 'node:path';
import type { Disk } from './disk.ts';
import type { OutgoingMessage } from './text.ts';

/** What is known of a text that was handled. */
export type Handled = {
  /** The server's time when it was handled, milliseconds; null while the server's time was not known. */
  at: number | null;
  /** A reply that still has to be sent. */
  reply: OutgoingMessage | null;
  acked: boolean;
};

type Line =
  | { done: string; at: number | null; reply?: OutgoingMessage; acked?: true }
  | { replied: string }
  | { acked: string };

export type Journal = {
  handled: ReadonlyMap<string, Handled>;
  /** Records that a text was handled. Durable when it resolves. */
  done(id: string, at: number | null, reply: OutgoingMessage | null): Promise<void>;
  /** Records that its reply was taken by the server. Losing this in a power cut only sends it again, under the same key. */
  replied(id: string): Promise<void>;
  /** Records that the server knows. Losing this only sends the ack again. */
  acked(id: string): Promise<void>;
  /** Writes the journal anew without what was acked and is older than `keepMs` at the server's time `now`. */
  compact(now: number | null, keepMs: number): Promise<void>;
};

const linesOf = (text: string): Line[] => {
  const lines: Line[] = [];
  for (const line of text.split('\n'))
    try {
      const value = JSON.parse(line);
      if (typeof value === 'object' && value !== null) lines.push(value);
    } catch {
      // Empty, or torn by a power cut: it was never relied upon.
    }
  return lines;
};

const read = (text: string): Map<string, Handled> => {
  const handled = new Map<string, Handled>();
  for (const line of linesOf(text))
    if ('done' in line)
      handled.set(line.done, { at: line.at, reply: line.reply ?? null, acked: line.acked ?? false });
    else if ('replied' in line) {
      const one = handled.get(line.replied);
      if (one) one.reply = null;
    } else {
      const one = handled.get(line.acked);
      if (one) one.acked = true;
    }
  return handled;
};

/** Opens the journal of handled texts in a folder: one line per fact, added to the end; rewritten whole at each start. */
export const openJournal = async (disk: Disk, folder: string): Promise<Journal> => {
  const path = join(folder, 'done.log');
  const handled = read((await disk.read(path)) ?? '');

  /** One write at a time; those that come meanwhile share the next one. */
  let waiting: { line: Line; sync: boolean; resolve: () => void; reject: (error: unknown) => void }[] = [];
  let busy: Promise<void> = Promise.resolve();
  const writeWaiting = async () => {
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    try {
      // Each line begins on a line of its own, also behind one that a full disk has cut off.
      const text = batch.map(({ line }) => `\n${JSON.stringify(line)}\n`).join('');
      await disk.append(
        path,
        text,
        batch.some((one) => one.sync),
      );
      for (const one of batch) one.resolve();
    } catch (error) {
      for (const one of batch) one.reject(error);
    }
  };
  const add = (line: Line, sync: boolean) =>
    new Promise<void>((resolve, reject) => {
      waiting.push({ line, sync, resolve, reject });
      busy = busy.then(writeWaiting);
    });

  const rewrite = async () => {
    const lines = [...handled].map(([id, { at, reply, acked }]): Line => {
      return { done: id, at, ...(reply === null ? {} : { reply }), ...(acked ? { acked } : {}) };
    });
    await disk.write(`${path}.tmp`, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    await disk.rename(`${path}.tmp`, path);
    await disk.syncFolder(folder);
  };
  await rewrite();

  return {
    handled,
    async done(id, at, reply) {
      await add({ done: id, at, ...(reply === null ? {} : { reply }) }, true);
      handled.set(id, { at, reply, acked: false });
    },
    async replied(id) {
      const one = handled.get(id);
      if (!one) return;
      one.reply = null;
      await add({ replied: id }, false);
    },
    async acked(id) {
      const one = handled.get(id);
      if (!one || one.acked) return;
      one.acked = true;
      await add({ acked: id }, false);
    },
    async compact(now, keepMs) {
      const run = busy.then(async () => {
        if (now !== null)
          for (const [id, one] of handled) {
            one.at ??= now;
            if (one.acked && one.at < now - keepMs) handled.delete(id);
          }
        await rewrite();
      });
      busy = run.catch(() => {});
      await run;
    },
  };
};
