import { exact, whole } from './figures.ts';
import type { Watched } from './watch.ts';

/** One line of the report. */
export const say = (measure: string, line: string): void => {
  process.stdout.write(`${measure.padEnd(9)} ${line}\n`);
};

/** One round: its rate, its latencies, what it cost whom in µs of CPU for each one, and how busy others kept the machine. */
export const sayRound = (
  what: string,
  perSecond: number,
  { p50, p99 }: { p50: number; p99?: number },
  { cpu, othersCores }: Watched,
  seconds: number,
): void => {
  const each = Object.entries(cpu).map(
    ([name, used]) => `${name} ${Math.round((used * 1e6) / (perSecond * seconds))}`,
  );
  const times = p99 === undefined ? `mean ${exact(p50)} ms` : `p50 ${exact(p50)} p99 ${exact(p99)} ms`;
  const noise = othersCores > 0.05 ? `, other programs ${exact(othersCores)} cores` : '';
  process.stdout.write(
    `          ${what.padEnd(26)} ${whole(perSecond).padStart(7)}/s  ${times.padEnd(24)} CPU µs each: ${each.join(', ')}${noise}\n`,
  );
};
