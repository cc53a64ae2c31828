import type { Signals } from '../base/signals.ts';
import { workByLease } from '../base/work-by-lease.ts';
import { type ClaimedMedia, claimMedia, endMedia, renewMedia } from '../store/media.ts';
import { type FetchMediaParts, fetchMedia } from './fetch-media.ts';

type Parts = FetchMediaParts & {
  signals: Signals;
  concurrency: number;
  leaseSeconds: number;
  /** Told each time the worker came round. */
  onRound?: () => void;
};

/**
 * The worker that fetches media of incoming texts, a few side by side: each is held in memory once. Stopped, it interrupts what is under
 * way, and that is fetched again at the next start.
 */
export const runMedia = (parts: Parts) => {
  const { db, log, signals, concurrency, leaseSeconds } = parts;
  return workByLease<ClaimedMedia>({
    name: 'media',
    log,
    concurrency,
    onRound: parts.onRound,
    onWake: (heard) => signals.on('media', heard),
    claim: (room) => claimMedia(db, room, leaseSeconds),
    renew: { leases: (media) => renewMedia(db, media, leaseSeconds), everyMs: (leaseSeconds * 1000) / 3 },
    async work(media, stopping) {
      await fetchMedia(parts, media, stopping);
      signals.raise('media');
      signals.raise('event');
    },
    async failed(media, error, stopping) {
      const reason = 'The server stopped in the middle of it.';
      if (stopping) await endMedia(db, media, { kind: 'retrying', reason, afterMs: 0 });
      else log.error({ error, mediaId: media.id }, 'a medium could not be fetched; its lease will run out');
    },
  });
};
