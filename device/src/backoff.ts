/** Waiting times between tries: doubling from `firstMs` to `mostMs`, each a random part of the last half, so that devices spread out. */
export const createBackoff = (
  { firstMs = 1_000, mostMs = 60_000 }: { firstMs?: number; mostMs?: number } = {},
  random: () => number = Math.random,
) => {
  let tries = 0;
  return {
    /** The next wait, in milliseconds: at least what the server asked for. */
    next(askedMs: number | null = null): number {
      const whole = Math.min(mostMs, firstMs * 2 ** Math.min(tries, 30) * 2);
      tries += 1;
      const own = Math.max(firstMs, whole / 2 + random() * (whole / 2));
      // Many devices are told the same time: they shall not all come back in the same moment.
      return askedMs === null ? own : Math.max(own, askedMs + random() * firstMs);
    },
    /** After something went well. */
    reset() {
      tries = 0;
    },
  };
};
