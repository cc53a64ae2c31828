import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const deviceFolder = fileURLToPath(new URL('../', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));

/** Compiles the package as it is published, into a folder of its own beside `dist`. */
export const buildDevice = async (): Promise<{ folder: string; remove(): Promise<void> }> => {
  const folder = await mkdtemp(join(deviceFolder, '.build-'));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  await run(process.execPath, [tsc, '-p', join(deviceFolder, 'tsconfig.json'), '--outDir', folder]);
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
};

/** Versions of Node.js the package promises to run on: the one that runs the tests, and the machine's own when it is new enough. */
export const nodes = async (): Promise<string[]> => {
  const own = '/usr/bin/node';
  if (!existsSync(own)) return [process.execPath];
  const { stdout } = await run(own, ['--version']);
  return Number(/^v(\d+)/.exec(stdout)?.[1]) >= 20 ? [process.execPath, own] : [process.execPath];
};
