/** The phones of the benchmarks, by number: valid ones of one area, which nobody is ever texted at. */
export const phone = (index: number): string => `+1416${2_000_000 + index}`;

/** How many phones the history is with. */
export const historyPhones = 100_000;

const poolSize = 5_000;

/** The phones of one round: half of them the same in all rounds (and known from the history, where there is one), half new. */
export const pool = (round: number): string[] =>
  Array.from({ length: poolSize }, (_, i) =>
    i % 2 === 0 ? phone((i * 40) % historyPhones) : phone(historyPhones + round * poolSize + i),
  );
