import { within } from './pause.ts';
import type { DeviceText } from './text.ts';

/**
 * Posts a text, as JSON, to an address.
 *
 * @returns the body of the answer, when `reply` is asked for.
 * @throws when nobody answers within `timeoutMs`, or with a status that is not 2xx.
 */
export const postText = (
  url: string,
  text: DeviceText,
  { timeoutMs, reply, signal }: { timeoutMs: number; reply: boolean; signal: AbortSignal },
): Promise<string | undefined> =>
  within(timeoutMs, signal, async (limit) => {
    try {
      const response = await fetch(url, {
        method: 'POST',
        body: JSON.stringify(text),
        headers: { 'content-type': 'application/json' },
        signal: limit,
      });
      const body = await response.text();
      if (!response.ok) throw new Error(`${new URL(url).host} answered ${response.status}`);
      return reply ? body.trim() || undefined : undefined;
    } catch (error) {
      if (limit.aborted)
        throw new Error(`${new URL(url).host} did not answer within ${timeoutMs / 1_000} seconds`);
      const code = (error as { cause?: { code?: string } }).cause?.code;
      throw code ? new Error(`${new URL(url).host} cannot be reached (${code})`) : error;
    }
  });
