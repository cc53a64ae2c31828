import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { giveUp, root, run } from './run.mjs';

const dist = join(root, 'console', 'dist');
const marker = join(dist, '.built-from');

/** Builds the console into console/dist, unless what is there was built from the same sources. */
export async function buildConsole(node) {
  const sources = hashSources();
  if (existsSync(marker) && readFileSync(marker, 'utf8') === sources) return;
  console.log('Building the console.');
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const { code, output } = await run(node, [vite, 'build'], { cwd: join(root, 'console'), quiet: true });
  if (code !== 0) giveUp('The console could not be built: the lines above say why.', output);
  writeFileSync(marker, sources);
}

function hashSources() {
  const hash = createHash('sha256');
  const files = [
    join(root, 'package-lock.json'),
    ...['console', 'contract'].flatMap((one) => list(join(root, one))),
  ];
  for (const file of files)
    hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

function list(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules' && name !== 'dist' && !name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? list(join(folder, entry.name)) : [join(folder, entry.name)]));
}
