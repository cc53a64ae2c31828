import { percentiles } from './figures.ts';
import { type Connection, openConnection } from './load/connection.ts';
import { renderSignedText } from './load/signed-text.ts';
import { openTextStream } from './load/streams.ts';
import { phone } from './phones.ts';
import type { BenchDatabase, BenchPostgres } from './postgres.ts';
import { type BenchServer, credentials } from './server.ts';
import { type Watched, watch } from './watch.ts';

export type DevicesRound = {
  /** From the moment the webhook was due until the device had the text, and until the webhook was acknowledged, milliseconds. */
  delivered: { p50: number; p99: number; max: number };
  acknowledged: { p50: number; p99: number };
  /** From the acknowledgement until the device had the text; 0 where it was there before. */
  afterAck: { p50: number; p99: number };
  texts: number;
  watched: Watched;
};

const api = async (server: BenchServer, path: string, body: unknown) => {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${credentials.adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
};

/** Makes numbers and pairs a device with each. Returns their numbers and tokens. */
export const pairDevices = async (
  server: BenchServer,
  database: BenchDatabase,
  count: number,
): Promise<{ to: string; token: string }[]> => {
  const rows = await database.query<{ id: string; to: string }>(
    `insert into numbers (organization_id, id, provider_account_id, phone_number, responder)
     select organization_id, gen_random_uuid(), id, '+1437' || 2000000 + n, 'device'
     from provider_accounts, generate_series(1, ${count}) n where webhook_key is null returning id, phone_number as "to"`,
  );
  const paired: { to: string; token: string }[] = [];
  for (const [i, { id, to }] of rows.entries()) {
    const { token } = (await api(server, '/v1/devices', { name: `Device ${i}`, numberIds: [id] })) as {
      token: string;
    };
    paired.push({ to, token });
  }
  return paired;
};

/** A few connections that each carry one request at a time; `send` waits for a free one and resolves to the status. */
const openPool = async (port: number, size: number) => {
  const free: number[] = [];
  const waiting: (() => void)[] = [];
  const answered: ((status: number) => void)[] = [];
  const connections: Connection[] = await Promise.all(
    Array.from({ length: size }, (_, i) => {
      free.push(i);
      return openConnection(port, (status) => {
        free.push(i);
        answered[i]!(status);
        waiting.shift()?.();
      });
    }),
  );
  return {
    async send(request: Buffer): Promise<number> {
      while (free.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      const i = free.pop()!;
      return new Promise((resolve) => {
        answered[i] = resolve;
        connections[i]!.send(request);
      });
    },
    close() {
      for (const one of connections) one.close();
    },
  };
};

/**
 * Texts at a constant rate to devices that are all connected by stream and ack what they get. Throws when a text is missing, comes twice,
 * or a stream breaks.
 */
export const runDevices = async (
  server: BenchServer,
  postgres: BenchPostgres,
  devices: { to: string; token: string }[],
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<DevicesRound> => {
  const count = perSecond * seconds;
  const requests = Array.from({ length: count }, (_, i) =>
    renderSignedText(credentials, {
      // People it knows, as a device in a home has them.
      from: phone(i % devices.length),
      to: devices[(i * 7) % devices.length]!.to,
      body: `${i}`,
    }),
  );
  const dueAt = new Float64Array(count);
  const ackedAt = new Float64Array(count);
  const hadAt = new Float64Array(count);
  const webhooks = await openPool(server.port, 64);
  const acks = await openPool(server.port, 64);
  let missing = count;
  const complete = Promise.withResolvers<void>();
  const fail = (what: string) => complete.reject(new Error(what));
  const closes: (() => void)[] = [];
  for (const { token } of devices)
    closes.push(
      await openTextStream(
        server.port,
        token,
        ({ id, body, attempt }) => {
          const i = Number(body);
          if (hadAt[i] !== 0 || attempt !== 1) fail(`Text ${i} came again (attempt ${attempt}).`);
          hadAt[i] = performance.now();
          const request = `POST /v1/device/texts/${id}/ack HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${token}\r\nContent-Length: 0\r\n\r\n`;
          void acks.send(Buffer.from(request)).then((status) => {
            if (status !== 200) fail(`An ack was answered ${status}.`);
            missing -= 1;
            if (missing === 0) complete.resolve();
          });
        },
        () => fail('A stream broke.'),
      ),
    );

  const watching = watch({ server: server.pid, postgres: postgres.pid });
  const began = performance.now();
  let due = 0;
  const tick = () => {
    const now = performance.now();
    while (due < count && began + (due * 1000) / perSecond <= now) {
      const i = due++;
      dueAt[i] = began + (i * 1000) / perSecond;
      void webhooks.send(requests[i]!).then((status) => {
        ackedAt[i] = performance.now();
        if (status !== 200) fail(`A webhook was answered ${status}.`);
      });
    }
    if (due < count) setTimeout(tick, 1);
  };
  tick();
  const timer = setTimeout(() => fail(`${missing} texts are missing.`), seconds * 1000 + 15_000);
  await complete.promise;
  clearTimeout(timer);
  const watched = watching(0);
  for (const close of closes) close();
  webhooks.close();
  acks.close();
  const spans = (from: Float64Array, to: Float64Array) => to.map((at, i) => Math.max(0, at - from[i]!));
  const [p50, p99, max] = percentiles(spans(dueAt, hadAt), 50, 99, 100) as [number, number, number];
  const [acked50, acked99] = percentiles(spans(dueAt, ackedAt), 50, 99) as [number, number];
  const [after50, after99] = percentiles(spans(ackedAt, hadAt), 50, 99) as [number, number];
  return {
    delivered: { p50, p99, max },
    acknowledged: { p50: acked50, p99: acked99 },
    afterAck: { p50: after50, p99: after99 },
    texts: count,
    watched,
  };
};
