import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DeviceText } from '../src/text.ts';

export const token = 'td_test';

type Entry = {
  text: DeviceText;
  status: 'waiting' | 'leased' | 'taken';
  offer: number;
  acks: number;
  nacks: string[];
  /** Not offered before this moment of performance.now(). */
  notBefore: number;
};
/** What the server does instead of what it should; null: what it should. */
type Instead = ((request: IncomingMessage, response: ServerResponse, path: string) => boolean) | null;

/**
 * The protocol of devices on bare node:http: texts are leased, offered again when the device connects without the cursor behind them or
 * the lease ran out, and taken by an ack. What the real server does with its database, this does in memory.
 */
export const startFakeServer = async ({ leaseMs = 60_000, againMs = 20, port = 0 } = {}) => {
  const entries = new Map<string, Entry>();
  const messages = new Map<string, { textId?: string; to?: string; device?: string; body?: string }>();
  const connections: { how: 'stream' | 'poll'; cursor: string | null }[] = [];
  let offers = 0;
  let instead: Instead = null;
  let wake: (() => void)[] = [];
  const streams = new Set<ServerResponse>();
  const wakeAll = () => {
    for (const one of wake) one();
    wake = [];
  };

  const lease = (): Entry[] => {
    const due = [...entries.values()].filter(
      (one) => one.status === 'waiting' && one.notBefore <= performance.now(),
    );
    for (const one of due.slice(0, 20)) {
      one.status = 'leased';
      one.offer = ++offers;
      one.text = { ...one.text, attempt: one.text.attempt + 1 };
      const { offer } = one;
      setTimeout(() => {
        if (one.status === 'leased' && one.offer === offer) {
          one.status = 'waiting';
          wakeAll();
        }
      }, leaseMs).unref();
    }
    return due.slice(0, 20);
  };
  /** What went out behind the cursor never arrived. */
  const connect = (how: 'stream' | 'poll', cursor: string | null) => {
    connections.push({ how, cursor });
    for (const one of entries.values())
      if (one.status === 'leased' && one.offer > Number(cursor ?? 0)) one.status = 'waiting';
  };
  const json = (response: ServerResponse, status: number, body: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  const bodyOf = async (request: IncomingMessage) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    return body === '' ? {} : JSON.parse(body);
  };
  const changed = (response: ServerResponse, ms: number) =>
    new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        response.off('close', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      wake.push(end);
      response.once('close', end);
    });

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url!, 'http://device');
    if (instead?.(request, response, url.pathname)) return;
    if (request.headers.authorization !== `Bearer ${token}`)
      return json(response, 401, { code: 'unauthorized', detail: 'No such token.' });
    if (url.pathname === '/v1/device/stream') {
      connect('stream', (request.headers['last-event-id'] as string | undefined) ?? null);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('retry: 1000\n\n');
      streams.add(response);
      while (!response.destroyed && !response.writableEnded) {
        for (const { text, offer } of lease())
          response.write(`id: ${offer}\nevent: text\ndata: ${JSON.stringify(text)}\n\n`);
        await changed(response, 50);
      }
      streams.delete(response);
      return;
    }
    if (url.pathname === '/v1/device/texts') {
      connect('poll', url.searchParams.get('cursor'));
      const until = performance.now() + Number(url.searchParams.get('wait') ?? 0) * 1_000;
      let leased = lease();
      while (leased.length === 0 && performance.now() < until && !response.destroyed) {
        await changed(response, 50);
        leased = lease();
      }
      return json(response, 200, { data: leased.map((one) => one.text), cursor: String(offers) });
    }
    const [, id, word] = /^\/v1\/device\/texts\/([^/]+)\/(ack|nack)$/.exec(url.pathname) ?? [];
    if (id && word) {
      const body = await bodyOf(request);
      const entry = entries.get(id);
      if (!entry) return json(response, 404, { detail: 'This device has no such text.' });
      if (word === 'ack') {
        entry.acks += 1;
        entry.status = 'taken';
      } else {
        entry.nacks.push(body.reason);
        if (entry.status === 'leased') entry.status = 'waiting';
        entry.notBefore = performance.now() + againMs;
      }
      return json(response, 200, {});
    }
    const [, name] = /^\/v1\/device\/devices\/([^/]+)\/texts$/.exec(url.pathname) ?? [];
    if (name) {
      const body = await bodyOf(request);
      messages.set(String(request.headers['idempotency-key']), { device: decodeURIComponent(name), ...body });
      return json(response, 202, { id: randomUUID() });
    }
    if (url.pathname === '/v1/device/messages') {
      const body = await bodyOf(request);
      messages.set(String(request.headers['idempotency-key']), body);
      return json(response, 202, { id: randomUUID() });
    }
    json(response, 404, { detail: 'There is nothing here.' });
  };

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    entries,
    /** What devices sent, by its key: the same key twice is one message. */
    messages,
    connections,
    /** A text arrives for the device; returns its id. */
    text(body: string): string {
      const id = randomUUID();
      const at = new Date().toISOString();
      const text: DeviceText = {
        id,
        messageId: randomUUID(),
        conversationId: randomUUID(),
        from: '+12025550123',
        to: '+15550100100',
        body,
        media: [],
        attempt: 0,
        receivedAt: at,
        leaseUntil: at,
      };
      entries.set(id, { text, status: 'waiting', offer: 0, acks: 0, nacks: [], notBefore: 0 });
      wakeAll();
      return id;
    },
    /** Offers a text again, taken or not: an ack that the server lost. */
    offerAgain(id: string) {
      entries.get(id)!.status = 'waiting';
      wakeAll();
    },
    taken: () => [...entries.values()].every((one) => one.status === 'taken'),
    instead(what: Instead) {
      instead = what;
    },
    /** Cuts every open stream. */
    cut() {
      for (const one of streams) one.destroy();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
export type FakeServer = Awaited<ReturnType<typeof startFakeServer>>;
