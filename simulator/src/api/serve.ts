import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Effect } from '../faults.ts';
import { readText, send } from '../http.ts';
import { newSid } from '../ids.ts';
import type { World } from '../world.ts';
import { faultReply } from './fault-reply.ts';
import { type Reply, refuse } from './reply.ts';
import type { ApiRequest } from './request.ts';
import { findOperation, type Operation } from './routes.ts';

/** Answers a request to the Twilio API. */
export async function serveApi(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const started = performance.now();
  world.underWay++;
  response.once('close', () => world.underWay--);
  const text = request.method === 'GET' ? '' : await readText(request);
  const { operation, apiRequest, refused } = admit(world, request, text ?? '');
  const sendReply = (reply: Reply) => write(world, response, reply, started);
  if (refused || !operation || !apiRequest) return sendReply(refused ?? refuse(500, 20500, 'Internal'));

  const facts = operation.facts(apiRequest);
  const effect = world.faults.take([operation.on, 'request'], requestEffects, facts);
  const run = async () => operation.run(apiRequest);
  if (!effect) return sendReply(await run());
  return afflict(effect, run, sendReply, response);
}

const requestEffects = ['latency', 'error', 'timeout', 'reset'] as const;
type RequestEffect = Extract<Effect, { kind: (typeof requestEffects)[number] }>;

/** Answers as a fault says. Whatever is accepted takes effect at once; only the answer suffers. */
async function afflict(
  effect: RequestEffect,
  run: () => Promise<Reply>,
  sendReply: (reply: Reply) => void,
  response: ServerResponse,
): Promise<void> {
  if (effect.kind === 'latency') {
    const reply = await run();
    setTimeout(() => sendReply(reply), effect.ms).unref();
    return;
  }
  if (effect.accept) await run();
  if (effect.kind === 'error') sendReply(faultReply(effect));
  // A timeout leaves the connection open and says nothing; it ends when the caller gives up.
  if (effect.kind === 'reset') response.socket?.resetAndDestroy();
}

/** Finds what is asked for, by whom; or why it is refused. */
function admit(
  world: World,
  request: IncomingMessage,
  text: string,
): { operation?: Operation; apiRequest?: ApiRequest; refused?: Reply } {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const account = world.accounts.authenticate(request.headers.authorization);
  if (!account) return { refused: unauthenticated() };
  const { concurrentRequests } = world.settings;
  if (concurrentRequests > 0 && world.underWay > concurrentRequests) {
    return { refused: refuse(429, 20429, 'Too Many Requests') };
  }
  const apiRequest: ApiRequest = {
    world,
    account,
    method: request.method ?? 'GET',
    path,
    parts: [],
    json: false,
    query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
    form: new URLSearchParams(text),
  };
  const operation = findOperation(apiRequest);
  return 'status' in operation ? { refused: operation } : { operation, apiRequest };
}

function unauthenticated(): Reply {
  const reply = refuse(401, 20003, 'Authenticate', 'Your AccountSid or AuthToken was incorrect.');
  return { ...reply, headers: { 'www-authenticate': 'Basic realm="Twilio API"' } };
}

function write(world: World, response: ServerResponse, reply: Reply, started: number) {
  if (response.destroyed) return;
  const body = reply.json === undefined ? (reply.body ?? '') : JSON.stringify(reply.json);
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'twilio-concurrent-requests': String(world.underWay),
    'twilio-request-id': newSid('RQ'),
    'twilio-request-duration': ((performance.now() - started) / 1000).toFixed(3),
    'x-home-region': 'us1',
    'x-api-domain': 'api.twilio.com',
    'x-powered-by': 'AT-5000',
    'x-shenanigans': 'none',
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'ETag',
    ...reply.headers,
  };
  send(response, reply.status, headers, body);
}
