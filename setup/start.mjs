// `npm start`: installs what is missing, builds the console, runs the server until it is told to stop.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { buildConsole } from './build-console.mjs';
import { install } from './install.mjs';
import { environment, giveUp, root } from './run.mjs';

const node = await install();
await buildConsole(node);

// A process group of its own: a Ctrl-C reaches us twice, from the terminal and from npm, and the server once, from us.
const server = spawn(node, [join(root, 'server', 'src', 'main.ts'), ...process.argv.slice(2)], {
  cwd: root,
  env: environment({ ours: true }),
  stdio: 'inherit',
  detached: process.platform !== 'win32',
});

let stoppingSince = 0;
function stop(signal) {
  if (stoppingSince === 0) {
    stoppingSince = performance.now();
    server.kill(signal);
  } else if (performance.now() - stoppingSince > 2000) {
    // Asked again by somebody who lost patience. What was accepted is safe in PostgreSQL.
    server.kill('SIGKILL');
  }
}

process.on('SIGINT', () => stop('SIGINT'));
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => stop('SIGTERM'));

// An npm that is killed tells nobody; the server would go on without anyone to stop it.
const npm = process.env.npm_lifecycle_event ? process.ppid : null;
const watch = setInterval(() => {
  if (npm === null || process.ppid === npm) return;
  clearInterval(watch);
  stop('SIGTERM');
}, 500);

server.once('error', (error) => giveUp(`The server could not be started: ${error.message}.`));
server.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
