/** The phones of the benchmarks, by number: valid ones of one area, which nobody is ever texted at. */
export const phone = (index: number): string => `+1416${2_000_000 + index}`;

/** How many phones the history is with. */
export const historyPhones = 100_000;

const poolSize = 5_000;
/** Every fiftieth text is with a phone never seen before. */
const freshEvery = 50;

let fresh = historyPhones;

/**
 * The phones of `count` texts, in order: 98 of 100 out of the same 5,000 (which are among those of the history, where there is one), two
 * never seen in this run.
 */
export const phones = (count: number): string[] =>
  Array.from({ length: count }, (_, i) =>
    i % freshEvery === freshEvery - 1 ? phone(fresh++) : phone(((i * 7919) % poolSize) * 20),
  );
