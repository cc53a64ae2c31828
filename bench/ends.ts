type End = () => Promise<unknown> | unknown;

const ends: End[] = [];

/** Says how something started here is ended; `endAll` does it in reverse. Returns what ends this one now. */
export const onEnd = (end: End): (() => Promise<void>) => {
  ends.push(end);
  return async () => {
    const at = ends.indexOf(end);
    if (at < 0) return;
    ends.splice(at, 1);
    await end();
  };
};

/** Ends all that still runs, the newest first; one that can't be ended doesn't keep the others. */
export const endAll = async (): Promise<void> => {
  for (const end of ends.splice(0).reverse()) {
    try {
      await end();
    } catch (error) {
      process.stderr.write(`Could not be ended: ${(error as Error).message}\n`);
    }
  }
};
