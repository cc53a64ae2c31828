import type { LeasedText } from '../../store/device-texts/text.ts';
import type { Line } from './line.ts';
import { presentText } from './present-text.ts';

type Of = { organizationId: string; deviceId: string; tokenHash: Buffer };

const encoder = new TextEncoder();
const stillHere = encoder.encode(': still here\n\n');
const hello = encoder.encode('retry: 1000\n\n');

/**
 * The stream of a device, as server-sent events: each text as `event: text` with its place as `id`. It ends when the device goes, opens
 * another, loses its token, or the line closes.
 */
export const streamTexts = (
  line: Line,
  of: Of,
  after: number | null,
  signal: AbortSignal,
  mediaUrl: (id: string) => string,
): ReadableStream<Uint8Array> => {
  let end = () => {};
  return new ReadableStream<Uint8Array>(
    {
      async start(controller) {
        let ended = false;
        let close = () => {};
        end = () => {
          if (ended) return;
          ended = true;
          close();
          signal.removeEventListener('abort', end);
          try {
            controller.close();
          } catch {
            // Closed by the other side already.
          }
        };
        signal.addEventListener('abort', end);
        controller.enqueue(hello);
        const give = (texts: LeasedText[]): boolean => {
          if (ended) return false;
          let written = '';
          for (const text of texts)
            written += `id: ${text.offer}\nevent: text\ndata: ${JSON.stringify(presentText(text, mediaUrl))}\n\n`;
          controller.enqueue(encoder.encode(written));
          return true;
        };
        const beat = () => {
          if (!ended) controller.enqueue(stillHere);
        };
        close = await line.open({ ...of, give, beat, end }, after);
        if (ended || signal.aborted) {
          end();
          close();
        }
      },
      cancel: () => end(),
    },
    { highWaterMark: 0 },
  );
};
