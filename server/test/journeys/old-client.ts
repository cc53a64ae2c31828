import { setTimeout as sleep } from 'node:timers/promises';

export type Heard = { message: string; mediaUrl: string | null };

/**
 * The client that devices in the field run, as it behaves: it registers once at its start, then polls for ever with the number
 * percent-encoded and 5 s of patience, looks at nothing but a 200, acks nothing, shows no token, knows no text again, and never
 * registers a second time. It takes messages apart as strings, so a null is its end. Only its pauses are shorter here.
 *
 * `relayUrl` is what the seed tells people to set: the address with `/register` at its end, which this generation of clients doubles.
 */
export const startOldClient = async (
  relayUrl: string,
  { number, name, everyMs }: { number: string; name: string; everyMs: number },
) => {
  const heard: Heard[] = [];
  const ducks: string[] = [];
  let polls = 0;
  let stopped = false;
  let crash: unknown = null;

  const answered = await fetch(`${relayUrl.replace(/\/+$/, '')}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ twilio_number: number, name, ip: '192.168.1.50' }),
    signal: AbortSignal.timeout(10_000),
  });
  if (answered.status !== 200) throw new Error(`The client could not register: ${answered.status}.`);

  type Texts = { messages: Record<string, string>[] };
  const get = async (url: string, patienceMs: number): Promise<Texts | null> => {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) });
      return response.status === 200 ? ((await response.json()) as Texts) : null;
    } catch {
      return null;
    }
  };
  const run = async () => {
    const base = relayUrl.replace('/register', '');
    while (!stopped) {
      await sleep(everyMs);
      const texts = await get(`${base}/poll/${encodeURIComponent(number)}`, 5_000);
      for (const text of texts?.messages ?? [])
        heard.push({ message: text.message!.slice(0, 2_000), mediaUrl: text.media_url ?? null });
      if (texts) polls += 1;
      const quacks = await get(`${relayUrl}/duck/poll/${name.toLowerCase()}`, 10_000);
      for (const quack of quacks?.messages ?? [])
        ducks.push(`${quack.from_duck!.slice(0, 100)}: ${quack.message!.slice(0, 100)}`);
    }
  };
  const running = run().catch((error: unknown) => {
    crash = error;
  });

  return {
    /** Every text it was given, in order; one given twice is here twice. */
    heard,
    /** The same for what other devices wrote. */
    ducks,
    /** Polls of texts that were answered 200. */
    polls: () => polls,
    /** What ended it; null: nothing has. */
    crash: () => crash,
    async stop() {
      stopped = true;
      await running;
    },
  };
};
