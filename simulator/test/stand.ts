import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  demoAccount,
  type Fault,
  type LedgerEntry,
  type WebhookAttempt,
} from '@trunkline/contract/simulator';
import twilio from 'twilio';
import { startSimulator } from '../src/simulator.ts';

export interface Hit {
  path: string;
  method: string;
  headers: IncomingHttpHeaders;
  params: Record<string, string>;
  /** Whether Twilio's own validator takes the signature for the URL that was called. */
  signed: boolean;
}

type Respond = (hit: Hit, response: ServerResponse) => void;

const patienceMs = 5000;

/** Waits until `look` finds something; fails after five seconds. */
export async function until<T>(
  look: () => T | undefined | null | false | Promise<T | undefined | null | false>,
) {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error('Waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Somebody's webhook server: records what comes and answers as told. */
export async function startHook() {
  const hits: Hit[] = [];
  const hook = { hits, url: '', authToken: demoAccount.authToken as string, respond: noReply as Respond };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const path = request.url ?? '';
    const params = Object.fromEntries(new URLSearchParams(body));
    const signature = String(request.headers['x-twilio-signature']);
    const signed = twilio.validateRequest(hook.authToken, signature, hook.url + path, params);
    const hit = { path, method: request.method ?? '', headers: request.headers, params, signed };
    hits.push(hit);
    hook.respond(hit, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  hook.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(hook, {
    /** The statuses that status callbacks told, in the order they came. */
    statuses: (sid?: string) =>
      hits
        .filter((hit) => !sid || hit.params.MessageSid === sid)
        .flatMap((hit) => hit.params.MessageStatus ?? []),
    close() {
      server.closeAllConnections();
      server.close();
    },
  });
}

export function noReply(_hit: Hit, response: ServerResponse) {
  response.writeHead(204).end();
}

/** Answers with TwiML. */
export function twiml(xml: string, contentType = 'text/xml'): Respond {
  return (_hit, response) => response.writeHead(200, { 'content-type': contentType }).end(xml);
}

export const ours = '+14155550100';
export const theirs = '+14155550142';

/** A simulator with a webhook server, a client of the real package, and one owned number. */
export async function setUp() {
  const hook = await startHook();
  const simulator = await startSimulator();
  const client = clientFor(simulator.url);

  async function control<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(`${simulator.url}/simulator${path}`, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  const stand = {
    hook,
    client,
    url: simulator.url,
    control,
    fast: () => control('PUT', '/settings', { sentAfterMs: 0, deliveredAfterMs: 0 }),
    own: (phoneNumber = ours, smsUrl = `${hook.url}/in`, more: object = {}) =>
      client.incomingPhoneNumbers.create({ phoneNumber, smsUrl, ...more }),
    send: (more: object = {}) => client.messages.create({ to: theirs, from: ours, body: 'Hello', ...more }),
    text: (body: string, more: object = {}, from = theirs) =>
      control<{
        sid: string;
        mediaUrls: string[];
        webhook: { status: number | null; attempts: number } | null;
      }>('POST', `/phones/${from}/messages?wait=webhook`, { to: ours, body, ...more }),
    phone: async (number = theirs) =>
      (
        await control<{ data: { body: string; direction: string; peer: string; sid: string }[] }>(
          'GET',
          `/phones/${number}/messages`,
        )
      ).data,
    fault: (fault: Fault) => control('POST', '/faults', fault),
    ledger: async (query = '') => (await control<{ data: LedgerEntry[] }>('GET', `/ledger${query}`)).data,
    attempts: async (query = '') =>
      (await control<{ data: WebhookAttempt[] }>('GET', `/webhooks${query}`)).data,
    advance: (advanceMs: number) => control('POST', '/clock', { advanceMs }),
    async clear() {
      await control('POST', '/reset', { everything: true });
      hook.hits.length = 0;
      hook.respond = noReply;
      hook.authToken = demoAccount.authToken;
    },
    async close() {
      await simulator.close();
      hook.close();
    },
  };
  return stand;
}

/** The real package, pointed at the simulator. */
export function clientFor(url: string, user?: string, secret?: string, accountSid?: string) {
  const client = twilio(user ?? demoAccount.accountSid, secret ?? demoAccount.authToken, {
    accountSid: accountSid ?? demoAccount.accountSid,
    timeout: 2000,
  });
  client.api.baseUrl = url;
  client.messaging.baseUrl = url;
  return client;
}

/** What a refused call of the package threw. */
export async function refusal(promise: Promise<unknown>) {
  try {
    await promise;
  } catch (thrown) {
    const { status, code, message, moreInfo } = thrown as Record<string, unknown>;
    return { status, code, message, moreInfo };
  }
  throw new Error('It was not refused');
}
