import type { IncomingMessage } from 'node:http';
import type { Hono } from 'hono';
import { outlastDatabase } from '../base/database-away.ts';
import { Problem } from '../base/errors.ts';
import type { Receive } from '../inbound/receive.ts';
import type { Answer, Webhook } from '../inbound/webhook.ts';
import type { Directory } from '../store/directory.ts';
import { fromThisMachine } from './from-this-machine.ts';
import { problemResponse } from './problems.ts';

/** No reply by TwiML: answers go out through the queue. */
const emptyTwiml = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>';

// Exactly these content types: clients of the seeds compare the header to 'text/xml', and a framework would add a charset.
const taken: Record<Webhook['kind'], () => Response> = {
  inbound: () => new Response(emptyTwiml, { headers: [['content-type', 'text/xml']] }),
  status: () => new Response('OK', { headers: [['content-type', 'text/plain']] }),
};

/** What the provider is answered. */
export const answerOf = (kind: Webhook['kind'], answer: Answer): Response => {
  if (answer.kind === 'taken') return taken[kind]();
  if (answer.kind === 'forbidden')
    // Why it is wrong is for the quarantine's readers: a forger would learn from it.
    return problemResponse(new Problem(403, 'invalid_signature', 'Invalid signature.'));
  return problemResponse(new Problem(400, 'invalid_webhook', answer.detail));
};

const isForm = (contentType: string | null) =>
  contentType !== null && /^\s*application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType);

/** Twilio's webhooks have a few kB: a text of 1,600 characters and some dozen parameters. */
const mostBytes = 64 * 1024;

/**
 * How long a webhook waits for a database that is away, milliseconds. Twilio gives us 15 s in all and tries again at once: told 503,
 * its five retries would be over before PostgreSQL has restarted, and the text lost.
 */
export const patienceMs = 12_000;

const readBody = (incoming: IncomingMessage): Promise<string> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= mostBytes) chunks.push(chunk);
      else reject(new Problem(413, 'too_large', `The body is larger than ${mostBytes / 1024} kB.`));
    });
    incoming.on('end', () =>
      resolve((chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString('utf8')),
    );
    incoming.on('error', reject);
  });

/**
 * Reads a provider's request, from Node's own: through the web's Request and Headers it costs a fifth of the whole webhook more.
 * Throws Problem 413 and 415.
 */
export const readWebhook = async (
  kind: Webhook['kind'],
  account: Webhook['account'],
  incoming: IncomingMessage,
): Promise<Webhook> => {
  const { headers, url = '' } = incoming;
  const contentType = headers['content-type'] ?? null;
  if (!isForm(contentType))
    throw new Problem(415, 'unsupported_media_type', 'Send application/x-www-form-urlencoded.');
  const get = (name: string) => (headers[name] as string | undefined) ?? null;
  const rawBody = await readBody(incoming);
  return {
    kind,
    account,
    target: url,
    seenUrl: `http://${headers.host ?? ''}${url}`,
    rawBody,
    params: new URLSearchParams(rawBody),
    contentType,
    signature: get('x-twilio-signature'),
    fromThisMachine: fromThisMachine({ get }, incoming.socket.remoteAddress),
  };
};

/** The addresses Twilio calls: with an opaque key for accounts of their own, without one for the account of the settings. */
export const mountWebhooks = (
  app: Hono<{ Bindings: { incoming: IncomingMessage } }>,
  { receive, directory }: { receive: Receive; directory: Directory },
): void => {
  const handle = async (
    kind: Webhook['kind'],
    key: string | null,
    incoming: IncomingMessage,
  ): Promise<Response> => {
    const account = await outlastDatabase(patienceMs, () => directory.account(key));
    if (!account) throw new Problem(404, 'not_found', 'There is no provider account at this address.');
    const webhook = await readWebhook(kind, account, incoming);
    return answerOf(kind, await outlastDatabase(patienceMs, () => receive.receive(webhook)));
  };
  for (const [path, kind] of [
    ['/webhooks/twilio/sms', 'inbound'],
    ['/webhooks/twilio/status', 'status'],
  ] as const) {
    app.post(path, (c) => handle(kind, null, c.env.incoming));
    app.post(`${path}/:key{[A-Za-z0-9_-]{8,64}}`, (c) => handle(kind, c.req.param('key'), c.env.incoming));
  }
};
