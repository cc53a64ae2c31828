import { setTimeout as sleep } from 'node:timers/promises';

/** Looks until something is so, at most `withinMs`; then fails saying what it waited for. */
export const until = async (what: string, look: () => unknown, withinMs = 25_000): Promise<void> => {
  const deadline = performance.now() + withinMs;
  while (!(await look())) {
    if (performance.now() > deadline) throw new Error(`Waited ${withinMs} ms in vain for ${what}.`);
    await sleep(10);
  }
};
