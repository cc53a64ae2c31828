type Timer = (run: () => void, ms: number) => void;

/**
 * Gathers what arrives close together: `flush` gets everything added since the last one, at most once per `ms`,
 * and never before the promise of the flush before has settled, so a flood paces itself by what the server can bear.
 */
export const gather = <T>(
  ms: number,
  flush: (items: Set<T>) => Promise<unknown>,
  wait: Timer = (run, after) => setTimeout(run, after),
): ((item: T) => void) => {
  let gathered = new Set<T>();
  let underWay = false;

  const begin = (): void => {
    underWay = true;
    wait(() => {
      const items = gathered;
      gathered = new Set();
      flush(items)
        .catch(() => undefined)
        .then(() => {
          underWay = false;
          if (gathered.size > 0) begin();
        });
    }, ms);
  };

  return (item) => {
    gathered.add(item);
    if (!underWay) begin();
  };
};
