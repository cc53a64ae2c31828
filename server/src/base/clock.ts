/** The one place that asks for the time, so that a test can say what it is. */
let offsetMs = 0;

/** Now, as a Date. */
export const now = (): Date => new Date(Date.now() + offsetMs);

/** Now, in milliseconds since 1970 UTC. */
export const nowMs = (): number => Date.now() + offsetMs;

/** A moment `ms` milliseconds from now; negative: before now. */
export const inMs = (ms: number): Date => new Date(Date.now() + offsetMs + ms);

/** Tests only: shifts the clock by `ms` from now on; 0 puts it right. */
export const shiftClock = (ms: number): void => {
  offsetMs = ms;
};
