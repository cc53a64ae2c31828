import { type ChildProcess, spawn } from 'node:child_process';
import type { DeviceText } from './text.ts';

/** A command that ignores SIGTERM is killed after so long. */
const graceMs = 3_000;
/** More than any message holds; what a command prints beyond it is not kept. */
const mostOutput = 64_000;

/** Ends a command with all it has started. */
const end = (child: ChildProcess, signal: NodeJS.Signals) => {
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid!, signal);
  } catch {
    // It has ended meanwhile.
  }
};

/** Surroundings of the command: ours without the token, and what a shell script likes to have at hand. The body comes by stdin only. */
const surroundings = (text: DeviceText): NodeJS.ProcessEnv => {
  const { TRUNKLINE_TOKEN: _, CREDENTIALS_DIRECTORY: __, ...env } = process.env;
  return {
    ...env,
    TRUNKLINE_TEXT_ID: text.id,
    TRUNKLINE_FROM: text.from,
    TRUNKLINE_TO: text.to,
    TRUNKLINE_ATTEMPT: String(text.attempt),
  };
};

/**
 * Gives a text, as JSON on stdin, to a command of the shell.
 *
 * @returns what the command printed, when `reply` is asked for; else its output goes where ours goes.
 * @throws when it ends with another code than 0, by a signal, or not within `timeoutMs`.
 */
export const runCommand = (
  command: string,
  text: DeviceText,
  { timeoutMs, reply, signal }: { timeoutMs: number; reply: boolean; signal: AbortSignal },
): Promise<string | undefined> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, {
      shell: true,
      // A group of its own, so that all of it can be ended, and Ctrl-C lets it finish.
      detached: process.platform !== 'win32',
      stdio: ['pipe', reply ? 'pipe' : 'inherit', 'inherit'],
      env: surroundings(text),
    });
    let printed = '';
    let why: string | null = null;
    let last: NodeJS.Timeout | undefined;
    const stop = (reason: string) => {
      why ??= reason;
      end(child, 'SIGTERM');
      last = setTimeout(() => {
        end(child, 'SIGKILL');
        // Something it started may hold its output open from outside the group.
        child.stdout?.destroy();
      }, graceMs);
    };
    const timer = setTimeout(
      () => stop(`the command did not end within ${timeoutMs / 1_000} seconds`),
      timeoutMs,
    );
    const onAbort = () => stop('the device is closed');
    signal.addEventListener('abort', onAbort, { once: true });
    const tidy = () => {
      clearTimeout(timer);
      clearTimeout(last);
      signal.removeEventListener('abort', onAbort);
    };
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      if (printed.length < mostOutput) printed += chunk;
    });
    child.on('error', (error) => {
      tidy();
      reject(new Error(`the command could not be started (${error.message})`));
    });
    child.on('close', (code, killedBy) => {
      tidy();
      if (why !== null) reject(new Error(why));
      else if (code === 0) resolve(printed.trim() || undefined);
      else
        reject(
          new Error(
            code === null ? `the command was ended by ${killedBy}` : `the command ended with code ${code}`,
          ),
        );
    });
    // A command need not read what it is given.
    child.stdin!.on('error', () => {});
    child.stdin!.end(`${JSON.stringify(text)}\n`);
  });
