import type { Signals } from '../base/signals.ts';
import { type ClaimedMedia, claimMedia, endMedia, renewMedia } from '../store/media.ts';
import { type FetchMediaParts, fetchMedia } from './fetch-media.ts';

const pollMs = 1_000;

/** The worker that fetches media of incoming texts, a few side by side: each is held in memory once. */
export const runMedia = (
  parts: FetchMediaParts & {
    signals: Signals;
    concurrency: number;
    leaseSeconds: number;
    /** Told each time the worker came round. */
    onRound?: () => void;
  },
) => {
  const { db, log, signals, concurrency, leaseSeconds } = parts;
  const underWay = new Set<ClaimedMedia>();
  const stopping = new AbortController();
  let claiming = false;
  let again = false;
  let timer: NodeJS.Timeout | undefined;
  let whenEmpty: (() => void) | undefined;

  const take = async (media: ClaimedMedia) => {
    try {
      await fetchMedia(parts, media, stopping.signal);
      signals.raise('media');
      signals.raise('event');
    } catch (error) {
      if (stopping.signal.aborted) {
        const reason = 'The server stopped in the middle of it.';
        await endMedia(db, media, { kind: 'retrying', reason, afterMs: 0 }).catch(() => {});
      } else log.error({ error, mediaId: media.id }, 'a medium could not be fetched; its lease will run out');
    }
    underWay.delete(media);
    if (stopping.signal.aborted && underWay.size === 0) whenEmpty?.();
    void next();
  };

  const next = async () => {
    if (stopping.signal.aborted) return;
    if (claiming) {
      again = true;
      return;
    }
    const room = concurrency - underWay.size;
    if (room === 0) return;
    claiming = true;
    again = false;
    clearTimeout(timer);
    try {
      for (const media of await claimMedia(db, room, leaseSeconds)) {
        underWay.add(media);
        void take(media);
      }
    } catch (error) {
      log.warn({ error }, 'media could not be read, trying again');
    }
    claiming = false;
    parts.onRound?.();
    if (stopping.signal.aborted) return;
    timer = setTimeout(next, pollMs);
    if (again) void next();
  };

  const renewing = setInterval(
    () => {
      if (underWay.size === 0) return;
      renewMedia(db, [...underWay], leaseSeconds).catch((error) =>
        log.warn({ error }, 'the leases of media could not be renewed'),
      );
    },
    (leaseSeconds * 1000) / 3,
  );

  const off = signals.on('media', () => void next());
  void next();

  return {
    /** Begins no more, interrupts what is under way (it is fetched again at the next start), and resolves when none is left. */
    async stop() {
      stopping.abort();
      off();
      clearTimeout(timer);
      clearInterval(renewing);
      while (claiming) await new Promise((resolve) => setImmediate(resolve));
      if (underWay.size > 0)
        await new Promise<void>((resolve) => {
          whenEmpty = resolve;
        });
    },
  };
};
