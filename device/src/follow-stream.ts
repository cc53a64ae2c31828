import { createParser } from 'eventsource-parser';
import { type DeviceText, readText } from './text.ts';
import { Unreachable, type Wire } from './wire.ts';

/** How a stream ended. `silent`: nothing came for too long. `heard`: anything at all had come before. */
export type StreamEnd = { why: 'ended' | 'broke' | 'silent'; heard: boolean; livedMs: number };

/**
 * Follows the stream of texts until it ends, breaks, falls silent for `silenceMs` (the server says something every 20 seconds or so: a
 * silent one is dead, or held back by a proxy), or the signal is aborted.
 *
 * @param keep takes the texts of one chunk with the cursor behind them; nothing more is read until it resolves.
 * @throws what the wire throws when the stream doesn't open, and what `keep` throws.
 */
export const followStream = async ({
  wire,
  cursor,
  signal,
  silenceMs,
  onOpen,
  keep,
}: {
  wire: Wire;
  cursor: string | null;
  signal: AbortSignal;
  silenceMs: number;
  onOpen: () => void;
  keep: (texts: DeviceText[], cursor: string) => Promise<void>;
}): Promise<StreamEnd> => {
  const breaking = new AbortController();
  const stop = () => breaking.abort();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  let silent = false;
  let timer: NodeJS.Timeout | undefined;
  const watch = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      silent = true;
      breaking.abort();
    }, silenceMs);
  };
  watch();
  try {
    const response = await wire.stream(cursor, breaking.signal).catch((error: unknown) => {
      if (silent) throw new Unreachable(`the server did not answer within ${silenceMs / 1_000} seconds`);
      throw error;
    });
    const type = response.headers.get('content-type') ?? 'nothing';
    if (!type.startsWith('text/event-stream') || response.body === null) {
      breaking.abort();
      throw new Unreachable(`what answers is no Trunkline server: it sent ${type}`);
    }
    onOpen();
    const openedAt = performance.now();
    const end = (why: StreamEnd['why'], heard: boolean): StreamEnd => ({
      why,
      heard,
      livedMs: performance.now() - openedAt,
    });

    let texts: DeviceText[] = [];
    let behind: string | null = null;
    const parser = createParser({
      onEvent(event) {
        if (event.event !== 'text') return;
        const text = readText(event.data);
        if (text) texts.push(text);
        if (event.id) behind = event.id;
      },
    });
    const decoder = new TextDecoder();
    let heard = false;
    const chunks = response.body.getReader();
    watch();
    for (;;) {
      let chunk: { done: boolean; value?: Uint8Array | undefined };
      try {
        chunk = await chunks.read();
      } catch {
        return end(silent ? 'silent' : 'broke', heard);
      }
      if (chunk.done) return end('ended', heard);
      heard = true;
      parser.feed(decoder.decode(chunk.value, { stream: true }));
      if (texts.length > 0 || behind !== null) {
        // A slow disk is no silence of the server.
        clearTimeout(timer);
        await keep(texts, behind ?? cursor ?? '');
        texts = [];
        behind = null;
      }
      watch();
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    breaking.abort();
  }
};
