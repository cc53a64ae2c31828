export interface Pace {
  /** Segments waiting at this sender at `at`. */
  waiting(sender: string, at: number, segmentsPerSecond: number): number;
  /** Tells when a message queued at `at` would reach the front, without queueing it. */
  turn(sender: string, at: number): number;
  /** Queues `segments`; returns when they reach the front. */
  take(sender: string, segments: number, at: number, segmentsPerSecond: number): number;
  clear(): void;
}

/** One queue per sender, kept as the moment at which it is next free: no list, whatever its length. */
export function createPace(): Pace {
  const freeAt = new Map<string, number>();
  const turn = (sender: string, at: number) => Math.max(at, freeAt.get(sender) ?? 0);
  return {
    turn,
    waiting: (sender, at, rate) => (rate === 0 ? 0 : ((turn(sender, at) - at) / 1000) * rate),
    take(sender, segments, at, rate) {
      if (rate === 0) return at;
      const start = turn(sender, at);
      freeAt.set(sender, start + (segments / rate) * 1000);
      return start;
    },
    clear: () => freeAt.clear(),
  };
}
