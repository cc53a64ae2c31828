const longestMs = 600_000;

/**
 * How long to wait before the attempt after `attempt` (from 1), milliseconds: doubled each time from `firstSeconds`, up to ten
 * minutes, half of it random so that what failed together does not come back together. Never less than the provider asks.
 */
export const backoff = (
  attempt: number,
  firstSeconds: number,
  atLeastMs: number | null,
  random = Math.random(),
) => {
  const full = Math.min(longestMs, firstSeconds * 1000 * 2 ** (attempt - 1));
  return Math.max(Math.round(full / 2 + (full / 2) * random), atLeastMs ?? 0);
};
