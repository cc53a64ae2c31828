import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The few things the spool does with a disk, so that a test can take its power away between any two of them. */
export type Disk = {
  /** Makes a folder and those above it, durably. */
  makeFolder(path: string): Promise<void>;
  list(folder: string): Promise<string[]>;
  /** The content, or null when there is no such file. */
  read(path: string): Promise<string | null>;
  /** Writes a whole file and waits until its content is on the disk. Its name is only durable after `syncFolder`. */
  write(path: string, content: string): Promise<void>;
  /** Adds to the end of a file that is there; with `sync`, waits until that is on the disk. */
  append(path: string, content: string, sync: boolean): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file; nothing happens when it is gone already. Durable only after `syncFolder`. */
  remove(path: string): Promise<void>;
  /** Waits until the names in a folder are on the disk. */
  syncFolder(path: string): Promise<void>;
};

const withFile = async <T>(path: string, flags: string, run: (file: FileOf) => Promise<T>): Promise<T> => {
  const file = await open(path, flags, 0o600);
  try {
    return await run(file);
  } finally {
    await file.close();
  }
};
type FileOf = Awaited<ReturnType<typeof open>>;

const syncFolder = async (path: string): Promise<void> => {
  // Windows opens no folder, and keeps names durable by itself.
  if (process.platform === 'win32') return;
  await withFile(path, 'r', (folder) => folder.sync());
};

/** The disk of this machine. */
export const disk: Disk = {
  async makeFolder(path) {
    const first = await mkdir(path, { recursive: true, mode: 0o700 });
    if (first === undefined) return;
    for (let folder = path; folder !== dirname(first); folder = dirname(folder))
      await syncFolder(dirname(folder));
  },
  list: (folder) => readdir(folder),
  async read(path) {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  },
  write: (path, content) =>
    withFile(path, 'w', async (file) => {
      await file.writeFile(content);
      await file.sync();
    }),
  append: (path, content, sync) =>
    withFile(path, 'a', async (file) => {
      await file.writeFile(content);
      if (sync) await file.datasync();
    }),
  rename,
  remove: (path) => rm(path, { force: true }),
  syncFolder,
};
