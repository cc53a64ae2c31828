import type { DeviceTexts } from '@trunkline/contract/device';
import type { LeasedText } from '../../store/device-texts/text.ts';
import type { Line } from './line.ts';
import { presentText } from './present-text.ts';

type Of = { organizationId: string; deviceId: string; tokenHash: Buffer };

/** Waits up to `waitMs` for the first texts of a device, and answers them with the place behind them. */
export const pollTexts = async (
  line: Line,
  of: Of,
  after: number | null,
  waitMs: number,
  signal: AbortSignal,
  mediaUrl: (id: string) => string,
): Promise<DeviceTexts> => {
  const got = Promise.withResolvers<LeasedText[]>();
  let ended = signal.aborted;
  const end = () => {
    ended = true;
    got.resolve([]);
  };
  signal.addEventListener('abort', end);
  const give = (texts: LeasedText[]): boolean => {
    if (ended) return false;
    ended = true;
    got.resolve(texts);
    return true;
  };
  const close = await line.open({ ...of, give, end, ...(waitMs === 0 && { nothing: end }) }, after);
  const timer = waitMs > 0 ? setTimeout(end, waitMs) : undefined;
  const texts = await got.promise;
  clearTimeout(timer);
  close();
  signal.removeEventListener('abort', end);
  return {
    data: texts.map((text) => presentText(text, mediaUrl)),
    cursor: String(texts.at(-1)?.offer ?? after ?? 0),
  };
};
