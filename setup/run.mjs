import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the project. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

const bin = join(root, 'node_modules', '.bin');

/** The environment with the project's own programs first, or without them. */
export function environment({ ours }) {
  const others = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== bin);
  return { ...process.env, PATH: (ours ? [bin, ...others] : others).join(delimiter) };
}

/**
 * Runs a program to its end. With `quiet` its words are kept and returned, else they go to our terminal.
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, quiet?: boolean }} [options]
 * @returns {Promise<{ code: number, output: string }>} code 127 when the program is not there.
 */
export function run(program, args, { cwd = root, env = environment({ ours: true }), quiet = false } = {}) {
  return new Promise((resolve) => {
    // Windows starts npm, which is a script, only through its shell.
    const shell = process.platform === 'win32' && !program.endsWith('.exe');
    const child = spawn(program, args, {
      cwd,
      env,
      shell,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    });
    const end = () => child.kill('SIGTERM');
    process.once('SIGTERM', end);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        output += chunk;
      });
    }
    child.once('error', (error) =>
      resolve({ code: error.code === 'ENOENT' ? 127 : 1, output: error.message }),
    );
    child.once('close', (code) => {
      process.off('SIGTERM', end);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** Ends the process with one sentence, after what the failed program said. */
export function giveUp(sentence, output = '') {
  const lines = output.trim().split('\n');
  // npm says why at the top, compilers at the end.
  const told = lines.length > 40 ? [...lines.slice(0, 20), '…', ...lines.slice(-20)] : lines;
  if (output.trim()) console.error(told.join('\n'));
  console.error(sentence);
  process.exit(1);
}
