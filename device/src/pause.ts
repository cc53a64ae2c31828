/** Resolves after a time, or as soon as one of the signals is aborted. */
export const pause = (ms: number, ...signals: AbortSignal[]): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    for (const signal of signals) signal.addEventListener('abort', end, { once: true });
    if (signals.some((signal) => signal.aborted)) end();
  });

/**
 * Runs something with a signal that is aborted after `ms`, or with its parent. (AbortSignal.any would do, but on older Node it never
 * lets go of what it made, and a device runs for years.)
 */
export const within = async <T>(
  ms: number,
  parent: AbortSignal | null,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const limit = new AbortController();
  const end = () => limit.abort();
  const timer = setTimeout(end, ms);
  parent?.addEventListener('abort', end, { once: true });
  if (parent?.aborted) end();
  try {
    return await run(limit.signal);
  } finally {
    clearTimeout(timer);
    parent?.removeEventListener('abort', end);
  }
};
