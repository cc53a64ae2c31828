import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { nowMs } from '../base/clock.ts';
import { isId } from '../base/ids.ts';

const unfinished = '.part';
/** No write takes this long, milliseconds. */
const abandonedMs = 3_600_000;

/** Makes what was written into a folder (new names, renames) survive a power loss. */
const syncFolder = async (folder: string) => {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Removes files that a process left half-written when it was killed. */
const clean = async (folder: string) => {
  for (const name of await readdir(folder)) {
    if (!name.endsWith(unfinished)) continue;
    const file = path.join(folder, name);
    const found = await stat(file).catch(() => null);
    if (found && nowMs() - found.mtimeMs > abandonedMs) await rm(file, { force: true });
  }
};

/** Keeps media as files of a folder, each named by its id: nothing that a stranger wrote gets into a name. */
export const keepOnDisk = (folder: string) => {
  const fileOf = (id: string) => {
    if (!isId(id)) throw new Error('A medium is kept under its id.');
    return path.join(folder, id);
  };
  let ready: Promise<void> | undefined;
  const prepare = async () => {
    const made = await mkdir(folder, { recursive: true, mode: 0o700 });
    if (made) await syncFolder(path.dirname(made));
    await clean(folder);
  };
  return {
    async put(id: string, bytes: Buffer): Promise<string> {
      const file = fileOf(id);
      ready ??= prepare();
      await ready.catch((error) => {
        ready = undefined;
        throw error;
      });
      const part = `${file}.${randomBytes(6).toString('hex')}${unfinished}`;
      try {
        const handle = await open(part, 'wx', 0o600);
        try {
          await handle.writeFile(bytes);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(part, file);
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      }
      await syncFolder(folder);
      return `disk:${id}`;
    },
    async read(storedAs: string): Promise<ReadableStream<Uint8Array> | null> {
      const file = fileOf(storedAs.replace(/^disk:/, ''));
      const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        throw error;
      });
      if (!handle) return null;
      return Readable.toWeb(createReadStream('', { fd: handle })) as ReadableStream<Uint8Array>;
    },
  };
};
