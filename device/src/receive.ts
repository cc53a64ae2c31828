import { createBackoff } from './backoff.ts';
import { followStream } from './follow-stream.ts';
import { pause } from './pause.ts';
import { type DeviceText, isText } from './text.ts';
import { Refused, TokenRefused, type Wire } from './wire.ts';

/** How long things may take; tests shorten them. */
export type Times = {
  silenceMs: number;
  /** A stream that lived shorter than this was no success. */
  briefMs: number;
  pollSeconds: number;
  /** After so long with polls, the stream is tried again. */
  retryStreamMs: number;
  firstBackoffMs: number;
  mostBackoffMs: number;
};
export const usualTimes: Times = {
  silenceMs: 45_000,
  briefMs: 30_000,
  pollSeconds: 25,
  retryStreamMs: 1_800_000,
  firstBackoffMs: 1_000,
  mostBackoffMs: 60_000,
};

/** So many streams in a row that broke soon or fell silent, and we poll. */
const mostBreaks = 3;

const seconds = (ms: number) => `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;

/**
 * Receives texts for as long as the signal is not aborted: from the stream, or by polls where a proxy breaks or holds back streams.
 *
 * @param keep keeps texts durably; the cursor moves on only when it has.
 * @throws TokenRefused; everything else is tried again.
 */
export const receive = async ({
  wire,
  keep,
  onConnected,
  say,
  times,
  signal,
}: {
  wire: Wire;
  keep: (texts: DeviceText[]) => Promise<void>;
  /** Whenever the server answers after it had not. */
  onConnected: () => void;
  say: (line: string) => void;
  times: Times;
  signal: AbortSignal;
}): Promise<void> => {
  const backoff = createBackoff({ firstMs: times.firstBackoffMs, mostMs: times.mostBackoffMs });
  let cursor: string | null = null;
  let polling: { sinceMs: number } | null = null;
  let breaks = 0;
  let connected = false;

  const connect = (how: string) => {
    if (!connected) say(`Connected to the server (${how}).`);
    connected = true;
    onConnected();
  };
  const keepFrom = async (texts: DeviceText[], next: string | null) => {
    if (texts.length > 0) {
      await keep(texts);
      backoff.reset();
    }
    cursor = next || null;
  };
  const toPolls = (why: string) => {
    say(`${why}: asking for texts again and again instead (long-poll).`);
    polling = { sinceMs: performance.now() };
    breaks = 0;
  };

  /** One stream; true: it did well, and we may connect again soon. */
  const stream = async (): Promise<string> => {
    const end = await followStream({
      wire,
      cursor,
      signal,
      silenceMs: times.silenceMs,
      onOpen: () => connect('stream'),
      keep: keepFrom,
    });
    if (signal.aborted) return '';
    if (end.why === 'silent' && !end.heard) {
      toPolls('Something on the way holds the stream back');
      return '';
    }
    if (end.why === 'silent' || end.livedMs < times.briefMs) breaks += 1;
    else {
      breaks = 0;
      backoff.reset();
    }
    if (breaks >= mostBreaks) {
      toPolls('The stream broke again and again');
      return '';
    }
    return end.why === 'silent' ? 'the server fell silent' : `the stream ${end.why}`;
  };
  const poll = async (): Promise<string> => {
    const asked = performance.now();
    const answer = await wire.poll(cursor, times.pollSeconds, signal);
    const waited = performance.now() - asked;
    connect('long-poll');
    await keepFrom(answer.data.filter(isText), answer.cursor);
    backoff.reset();
    // It stops, or another program polls with our token: no need to ask again at once.
    if (answer.data.length === 0 && waited < times.firstBackoffMs) await pause(times.firstBackoffMs, signal);
    if (polling && performance.now() - polling.sinceMs > times.retryStreamMs) polling = null;
    return '';
  };

  while (!signal.aborted) {
    let lost: string;
    let asked: number | null = null;
    try {
      lost = await (polling ? poll() : stream());
      if (lost === '') continue;
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof TokenRefused) throw error;
      lost = (error as Error).message;
      if (error instanceof Refused) {
        asked = error.retryAfterMs;
        // A cursor it doesn't know: without one it offers all that is not acked, and we know what we have.
        if (error.status === 400 || error.status === 410) cursor = null;
      }
    }
    connected = false;
    const wait = backoff.next(asked);
    say(`Not connected, ${lost}; next try in ${seconds(wait)}.`);
    await pause(wait, signal);
  }
};
