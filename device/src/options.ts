import { parseArgs } from 'node:util';
import { usualSpool } from './connect.ts';

export type Target = { kind: 'exec'; command: string } | { kind: 'post'; url: string } | { kind: 'stdout' };

export type Options = {
  server: string;
  token: string;
  /** The token is on the command line, where every user of the machine can read it. */
  tokenInView: boolean;
  target: Target;
  reply: boolean;
  spool: string;
  concurrency: number;
  timeoutMs: number;
  verbose: boolean;
};

/** What the command line asks for; or everything that is wrong with it, a sentence each. */
export type Asked =
  | { ask: 'help' }
  | { ask: 'version' }
  | { ask: 'run'; options: Options }
  | { ask: 'nothing'; problems: string[] };

export const help = `trunkline-device hands texts from a Trunkline server to a program on this machine.

  trunkline-device --server https://sms.example.org --token-file token --exec ./on-text.sh --reply

Where from
  --server <address>      the Trunkline server; or TRUNKLINE_SERVER
  --token-file <file>     a file that holds the device's token (td_…, from the console when the device was paired)
  --token <token>         the token itself; visible to every user of this machine. Or TRUNKLINE_TOKEN

Where to (one of them)
  --exec <command>        the shell runs it for each text; the text comes as JSON on stdin. Code 0: done; else the text comes again
  --post <address>        each text is posted there as JSON. 2xx: done; else the text comes again
  --stdout                one line of JSON each (when nothing else is said)
  --reply                 what the command prints, or the address answers, is sent as the reply

How
  --spool <folder>        keeps texts through restarts and power cuts (~/.local/state/trunkline-device)
  --concurrency <n>       so many texts at once (1: in the order they came)
  --timeout <seconds>     a text that takes longer has failed (300)
  --verbose               also show numbers and bodies
  --help, --version

It ends with 0 when it is told to stop, 2 for a wrong command line, 77 when the server refuses the token, 1 for anything else.`;

const flags = {
  server: { type: 'string' },
  token: { type: 'string' },
  'token-file': { type: 'string' },
  exec: { type: 'string' },
  post: { type: 'string' },
  stdout: { type: 'boolean' },
  reply: { type: 'boolean' },
  spool: { type: 'string' },
  concurrency: { type: 'string' },
  timeout: { type: 'string' },
  verbose: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;
type Flag = keyof typeof flags;

const address = (value: string): URL | null => {
  try {
    const url = new URL(value);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url : null;
  } catch {
    return null;
  }
};

/** The values of the flags; what is unknown, given twice, or lacks its value becomes a sentence. */
const readFlags = (args: string[], problems: string[]): Map<Flag, string | true> => {
  const values = new Map<Flag, string | true>();
  const { tokens } = parseArgs({ args, options: flags, strict: false, allowPositionals: true, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'positional')
      problems.push(`“${token.value}” belongs to no flag; put a command with spaces in quotes.`);
    if (token.kind !== 'option') continue;
    const name = token.name as Flag;
    const known = flags[name];
    const value: string | undefined = token.value;
    if (!known) problems.push(`There is no flag ${token.rawName}; --help shows them all.`);
    else if (values.has(name)) problems.push(`--${name} is given more than once.`);
    else if (known.type === 'boolean') {
      if (value !== undefined) problems.push(`--${name} takes no value.`);
      values.set(name, true);
    } else if (value === undefined || value === '' || (!token.inlineValue && value.startsWith('--'))) {
      problems.push(`--${name} needs a value behind it.`);
      // So that it does not also count as missing.
      values.set(name, '');
    } else values.set(name, value);
  }
  return values;
};

/** Reads the command line, the environment, and the file of the token through `readFile` (which throws when there is none). */
export const readOptions = (
  args: string[],
  env: Record<string, string | undefined>,
  readFile: (path: string) => string,
): Asked => {
  const problems: string[] = [];
  const values = readFlags(args, problems);
  if (values.has('help')) return { ask: 'help' };
  if (values.has('version')) return { ask: 'version' };
  const text = (name: Flag) => values.get(name) as string | undefined;

  const server = text('server') ?? env.TRUNKLINE_SERVER ?? null;
  if (server === null) problems.push('Say which server: --server https://…, or TRUNKLINE_SERVER.');
  else if (server !== '' && !address(server))
    problems.push('--server is an address that begins with https:// or http://.');

  const token = readToken(text('token'), text('token-file'), env.TRUNKLINE_TOKEN, readFile, problems);

  const chosen = (['exec', 'post', 'stdout'] as const).filter((name) => values.has(name));
  if (chosen.length > 1)
    problems.push(`Texts go to one place: choose one of ${chosen.map((name) => `--${name}`).join(' and ')}.`);
  const kind = chosen[0] ?? 'stdout';
  const url = text('post');
  if (url && !address(url)) problems.push('--post is an address that begins with http:// or https://.');
  if (values.has('reply') && kind === 'stdout')
    problems.push('--reply needs --exec or --post: nobody answers on standard output.');

  const whole = (name: 'concurrency' | 'timeout', usual: number, most: number): number => {
    const value = text(name);
    if (value === undefined || value === '') return usual;
    if (/^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= most) return Number(value);
    problems.push(`--${name} is a whole number from 1 to ${most}.`);
    return usual;
  };
  const concurrency = whole('concurrency', 1, 100);
  const timeoutMs = whole('timeout', 300, 86_400) * 1_000;

  if (problems.length > 0) return { ask: 'nothing', problems };
  const target: Target =
    kind === 'exec' ? { kind, command: text('exec')! } : kind === 'post' ? { kind, url: url! } : { kind };
  return {
    ask: 'run',
    options: {
      server: server!,
      token,
      tokenInView: values.has('token'),
      target,
      reply: values.has('reply'),
      spool: text('spool') ?? usualSpool(env),
      concurrency,
      timeoutMs,
      verbose: values.has('verbose'),
    },
  };
};

/** The token from the one place that names it; the flag and the file come before the environment. */
const readToken = (
  flag: string | undefined,
  file: string | undefined,
  variable: string | undefined,
  readFile: (path: string) => string,
  problems: string[],
): string => {
  if (flag !== undefined && file !== undefined) problems.push('Give --token or --token-file, not both.');
  let token = flag ?? variable;
  if (file) {
    try {
      token = readFile(file).trim();
    } catch (error) {
      problems.push(`The file of --token-file cannot be read (${(error as NodeJS.ErrnoException).code}).`);
      return '';
    }
  }
  if (flag === '' || file === '') return '';
  if (!token)
    problems.push(
      'Give the token of the device: --token-file, --token or TRUNKLINE_TOKEN. The console shows it when a device is paired.',
    );
  else if (!/^td_[\w.~+/=-]+$/.test(token))
    problems.push('That is no token of a device: one begins with td_ and has no spaces.');
  return token ?? '';
};
