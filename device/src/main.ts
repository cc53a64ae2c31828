#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { connect, type Handler, type Text } from './connect.ts';
import { help, type Options, readOptions } from './options.ts';
import { postText } from './post-text.ts';
import { printText } from './print-text.ts';
import { runCommand } from './run-command.ts';
import { TokenRefused } from './wire.ts';

// sysexits.h calls it EX_NOPERM; the systemd unit doesn't start us again after it.
const noPermission = 77;

/** A line for a person, on standard error: standard output may carry texts. The journal adds the time. */
const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const isLocal = (server: string) => ['localhost', '127.0.0.1', '[::1]'].includes(new URL(server).hostname);

/** Hands a text to where the command line says. */
const handlerOf = ({ target, timeoutMs, reply }: Options): Handler => {
  if (target.kind === 'exec')
    return (text, signal) => runCommand(target.command, text, { timeoutMs, reply, signal });
  if (target.kind === 'post')
    return (text, signal) => postText(target.url, text, { timeoutMs, reply, signal });
  return (text) => printText(text);
};

const run = async (options: Options): Promise<number> => {
  if (options.tokenInView)
    say(
      'The token stands on the command line, where every user of this machine can read it; --token-file hides it.',
    );
  if (options.server.startsWith('http:') && !isLocal(options.server))
    say('The server is reached without TLS: the token and the texts can be read on the way.');
  const device = connect({ server: options.server, token: options.token, spool: options.spool, say });
  let stops = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      stops += 1;
      if (stops > 1) process.exit(1);
      say('Stopping: what is under way may end within ten seconds.');
      void device.close();
    });
  const failed = new Promise<never>((_, reject) => {
    // Whoever read our texts is gone.
    process.stdout.on('error', (error) => reject(error));
  });
  const handle = handlerOf(options);
  const shown: Handler = (text, signal) => {
    if (options.verbose) say(`Text ${text.id} from ${text.from}: ${text.body}`);
    return handle(bare(text), signal);
  };
  try {
    await Promise.race([device.on(shown, { concurrency: options.concurrency }), failed]);
    await device.close();
    say('Stopped.');
    return 0;
  } catch (error) {
    say((error as Error).message);
    await device.close({ withinMs: 0 });
    return error instanceof TokenRefused ? noPermission : 1;
  }
};

/** The text without what one does with it: what goes out as JSON is what came in. */
const bare = ({ ack, nack, reply, ...text }: Text): Text => text as Text;

const asked = readOptions(process.argv.slice(2), process.env, (path) => readFileSync(path, 'utf8'));
if (asked.ask === 'help') process.stdout.write(`${help}\n`);
else if (asked.ask === 'version') {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  process.stdout.write(`${version}\n`);
} else if (asked.ask === 'nothing') {
  for (const problem of asked.problems) say(problem);
  process.exitCode = 2;
} else process.exit(await run(asked.options));
