import { exact, whole } from './figures.ts';
import type { Watched } from './watch.ts';

/** One line of the report. */
export const say = (measure: string, line: string): void => {
  process.stdout.write(`${measure.padEnd(9)} ${line}\n`);
};

/** From here on a round's rates say more about what else ran than about us. */
const noisyCores = 0.3;
const counted = { rounds: 0, noisy: 0 };

/** A sentence about the rounds that something else disturbed; null when there were none. */
export const sayNoise = (): string | null =>
  counted.noisy === 0
    ? null
    : `In ${counted.noisy} of ${counted.rounds} rounds other programs took more than ${noisyCores} cores: don't trust these rates and ratios, run it again on a quiet machine. The CPU times say more.`;

/** All CPU time of a round for each of its items, microseconds: server, database, clients. */
export const cpuEach = ({ cpu }: Watched, items: number): number =>
  (Object.values(cpu).reduce((sum, one) => sum + one, 0) * 1e6) / items;

/** One round: its rate, its latencies, what it cost whom in µs of CPU for each one, and how busy others kept the machine. */
export const sayRound = (
  what: string,
  perSecond: number,
  { p50, p99 }: { p50: number; p99?: number },
  { cpu, othersCores }: Watched,
  seconds: number,
): void => {
  counted.rounds += 1;
  if (othersCores > noisyCores) counted.noisy += 1;
  const each = Object.entries(cpu).map(
    ([name, used]) => `${name} ${Math.round((used * 1e6) / (perSecond * seconds))}`,
  );
  const times = p99 === undefined ? `mean ${exact(p50)} ms` : `p50 ${exact(p50)} p99 ${exact(p99)} ms`;
  const noise = othersCores > 0.05 ? `, other programs ${exact(othersCores)} cores` : '';
  process.stdout.write(
    `          ${what.padEnd(26)} ${whole(perSecond).padStart(7)}/s  ${times.padEnd(24)} CPU µs each: ${each.join(', ')}${noise}\n`,
  );
};
