import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { disk } from './disk.ts';

/** Two programs on one spool would both handle its texts. */
export class SpoolInUse extends Error {}

/** A name that the system frees when its process dies, however it dies; a file with a process id could outlive a power cut. */
const nameOf = async (folder: string): Promise<string | null> => {
  const hash = createHash('sha256')
    .update(await realpath(folder))
    .digest('hex')
    .slice(0, 32);
  if (process.platform === 'linux') return `\0trunkline-device-${hash}`;
  if (process.platform === 'win32') return join('\\\\?\\pipe', tmpdir(), `trunkline-device-${hash}`);
  return null;
};

/**
 * Holds a spool for this process. On systems without such names (macOS) nothing is held.
 *
 * @returns what lets it go.
 * @throws SpoolInUse when another program of this machine holds it.
 */
export const lockSpool = async (folder: string): Promise<() => Promise<void>> => {
  await disk.makeFolder(folder);
  const name = await nameOf(folder);
  if (name === null) return async () => {};
  const server = await new Promise<Server>((resolve, reject) => {
    const one = createServer((socket) => socket.destroy());
    one.unref();
    one.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new SpoolInUse(
              `Another program works with the spool ${folder}: stop it, or give this one a folder of its own.`,
            )
          : error,
      ),
    );
    one.listen(name, () => resolve(one));
  });
  return () => new Promise((resolve) => server.close(() => resolve()));
};
