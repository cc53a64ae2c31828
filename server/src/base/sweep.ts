import type { Log } from './log.ts';

/** A chore that looks for what is due, does some of it, and says how much; 0: nothing was due. */
export type Chore = { name: string; run(): Promise<number> };

/**
 * Runs chores one after the other, every `everyMs`, and again at once while one of them finds work. A failing one doesn't keep
 * the others from running.
 */
export const startSweeping = (chores: Chore[], everyMs: number, log: Log, onRound: () => void = () => {}) => {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> = Promise.resolve();

  const sweep = async () => {
    let found = 0;
    for (const chore of chores) {
      if (stopped) return;
      try {
        found += await chore.run();
      } catch (error) {
        log.warn({ error, chore: chore.name }, 'a chore failed, it runs again');
      }
    }
    onRound();
    if (!stopped)
      timer = setTimeout(
        () => {
          round = sweep();
        },
        found > 0 ? 0 : everyMs,
      );
  };
  round = sweep();

  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await round;
    },
  };
};
