/** Percentiles of a list, in the order asked for; nearest rank. */
export const percentiles = (values: ArrayLike<number>, ...ranks: number[]): number[] => {
  const sorted = Float64Array.from(values).sort();
  return ranks.map((rank) => sorted[Math.max(0, Math.ceil((rank / 100) * sorted.length) - 1)] ?? Number.NaN);
};

/** The median; of an even count the mean of the two in the middle. */
export const median = (values: number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(half)]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

/** A rate or a count, with thousands separated. */
export const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

/** Milliseconds, a ratio: two digits after the point. */
export const exact = (value: number): string => value.toFixed(2);
