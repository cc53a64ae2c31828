import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { endAll } from './ends.ts';
import { measures } from './measures.ts';
import { startPostgres } from './postgres.ts';
import { sayNoise } from './say.ts';

const usage = `npm run bench -- [${Object.keys(measures).join(' | ')} …] [options]
  --history N    also fill the tables with N messages first and compare (off by default; the bar is 10000000)
  --rounds N     rounds of each side, taken in turn (3)
  --seconds N    length of a round (8)
  --server PATH  the server/src/main.ts of another checkout
`;

type Name = keyof typeof measures;
const isName = (name: string): name is Name => Object.hasOwn(measures, name);

const read = () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      history: { type: 'string', default: '0' },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '8' },
      server: { type: 'string' },
    },
  });
  const numbers = { history: +values.history, rounds: +values.rounds, seconds: +values.seconds };
  const bad = Object.entries(numbers).find(
    ([name, n]) => !Number.isInteger(n) || n < (name === 'history' ? 0 : 1),
  );
  if (bad) throw new Error(`--${bad[0]} must be a whole number.`);
  const unknown = positionals.find((name) => !isName(name));
  if (unknown) throw new Error(`There is no measure "${unknown}".`);
  if (positionals.includes('history') && numbers.history === 0) numbers.history = 1_000_000;
  const named = positionals.filter(isName);
  const all = (Object.keys(measures) as Name[]).filter((name) => name !== 'history' || numbers.history > 0);
  return { ...numbers, main: values.server, names: named.length > 0 ? named : all };
};

const main = async (): Promise<void> => {
  let options: ReturnType<typeof read>;
  try {
    options = read();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${usage}`);
    process.exitCode = 2;
    return;
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void endAll().finally(() => process.exit(130)));
  try {
    const processors = cpus();
    const postgres = await startPostgres();
    process.stdout.write(
      `${new Date().toISOString().slice(0, 10)}, ${processors.length} cores (${processors[0]?.model.trim()}), Node ${process.version}\n${postgres.description}\n\n`,
    );
    for (const name of options.names) {
      await measures[name]({ ...options, postgres });
      process.stdout.write('\n');
    }
    const noise = sayNoise();
    if (noise) process.stdout.write(`${noise}\n`);
  } catch (error) {
    process.stderr.write(`${(error as Error).stack}\n`);
    process.exitCode = 1;
  } finally {
    await endAll();
  }
};

await main();
