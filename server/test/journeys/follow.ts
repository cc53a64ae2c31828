export type Following<T> = { heard: T[]; close(): void };

/** Follows a stream of server-sent events: the `data` of each, parsed, in the order they came. Resolves when the stream is open. */
export const follow = async <T>(url: string, headers: Record<string, string> = {}): Promise<Following<T>> => {
  const ending = new AbortController();
  const answer = await fetch(url, { headers, signal: ending.signal });
  if (!answer.ok || !answer.body) throw new Error(`${url} answered ${answer.status}`);
  const heard: T[] = [];
  const read = async () => {
    let rest = '';
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop()!;
      for (const block of blocks) {
        const data = block
          .split('\n')
          .filter((line) => line.startsWith('data: '))
          .map((line) => line.slice(6));
        if (data.length > 0) heard.push(JSON.parse(data.join('\n')) as T);
      }
    }
  };
  read().catch(() => {});
  return { heard, close: () => ending.abort() };
};
