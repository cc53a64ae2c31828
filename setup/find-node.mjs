import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './run.mjs';

const oldest = 24;

/** The Node that runs the project: the one pinned in package.json, or the machine's where that is new enough; null when neither is. */
export function findNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const pinned = join(root, 'node_modules', 'node', 'bin', name);
  return [pinned, process.execPath].find((place) => majorOf(place) >= oldest) ?? null;
}

function majorOf(node) {
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return Number(/^v(\d+)/.exec(stdout ?? '')?.[1] ?? 0);
}
