import type { DeviceText } from '@trunkline/contract/device';

/** One text as a stream brought it, with its place. */
export type Heard = DeviceText & { cursor: string };

/** A device as the contract describes it, and no more: what it hears it keeps, doubles too. */
export const openStream = async (
  url: string,
  token: string,
  { after, onText = () => {} }: { after?: string | undefined; onText?: (text: Heard) => void } = {},
) => {
  const ending = new AbortController();
  const answer = await fetch(`${url}/v1/device/stream`, {
    headers: {
      authorization: `Bearer ${token}`,
      ...(after !== undefined && { 'last-event-id': after }),
    },
    signal: ending.signal,
  });
  if (!answer.ok || !answer.body) throw new Error(`The stream answered ${answer.status}`);
  const heard: Heard[] = [];
  const read = async () => {
    let rest = '';
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop()!;
      for (const block of blocks) {
        const field = (name: string) =>
          block
            .split('\n')
            .find((line) => line.startsWith(`${name}: `))
            ?.slice(name.length + 2);
        if (field('event') !== 'text') continue;
        const text = { ...(JSON.parse(field('data')!) as DeviceText), cursor: field('id')! };
        heard.push(text);
        onText(text);
      }
    }
  };
  return {
    heard,
    /** Resolves when the stream has ended, however that came. */
    ended: read().catch(() => {}),
    close: () => ending.abort(),
  };
};
