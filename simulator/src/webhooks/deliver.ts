import { randomUUID } from 'node:crypto';
import type { WebhookAttempt } from '@trunkline/contract/simulator';
import type { World } from '../world.ts';
import type { Answer } from './client.ts';
import type { Failure } from './failure.ts';
import { type Overrides, readOverrides } from './overrides.ts';
import { type Params, sign } from './sign.ts';

export interface Call {
  kind: WebhookAttempt['kind'];
  accountSid: string;
  messageSid: string;
  /** As configured, fragment included. */
  url: string;
  method: 'GET' | 'POST';
  params: Params;
  /** I-Twilio-Idempotency-Token: the same for every retry of one delivery. */
  idempotencyToken: string;
}

export interface Delivery {
  answer: Answer | null;
  failure: Failure | null;
  attempts: number;
}

const redirectsFollowed = 10;

/** Returns a fresh idempotency token. */
export function newIdempotencyToken(): string {
  return randomUUID();
}

/**
 * Makes a webhook: signed, tried again as its connection overrides say, each attempt on record. `judge` looks at a good
 * answer and returns what is wrong with it, if anything; that is never tried again.
 */
export async function deliver(
  world: World,
  call: Call,
  judge: (answer: Answer) => Failure | null = () => null,
): Promise<Delivery> {
  const hash = call.url.indexOf('#');
  const url = hash < 0 ? call.url : call.url.slice(0, hash);
  const overrides = readOverrides(hash < 0 ? '' : call.url.slice(hash + 1));
  const deadline = Date.now() + overrides.totalTime;
  for (let attempt = 1; ; attempt++) {
    const started = performance.now();
    let { answer, failure } = await attemptOnce(world, call, url, overrides, deadline);
    if (answer && !failure) failure = judge(answer);
    world.webhooks.add({
      at: new Date(world.time.now()).toISOString(),
      kind: call.kind,
      url: call.url,
      messageSid: call.messageSid,
      attempt,
      status: answer?.status ?? null,
      errorCode: failure?.code ?? overrides.warning,
      error: failure?.error ?? (overrides.warning ? 'Bad connection override' : null),
      durationMs: Math.round((performance.now() - started) * 10) / 10,
    });
    const again = failure?.retry && (overrides.retryOn.has('all') || overrides.retryOn.has(failure.retry));
    if (!again || attempt > overrides.retryCount || Date.now() >= deadline) {
      return { answer, failure, attempts: attempt };
    }
  }
}

async function attemptOnce(world: World, call: Call, url: string, overrides: Overrides, deadline: number) {
  let result = await requestOnce(world, call, url, call.method, call.params, overrides, deadline);
  let from = url;
  for (let followed = 0; ; followed++) {
    const status = result.answer?.status ?? 0;
    if (status < 300 || status >= 400) return result;
    const location = result.answer?.location;
    const to = location && URL.canParse(location, from) ? new URL(location, from).href : null;
    if (to === null || followed === redirectsFollowed) {
      const failure = to === null ? badRedirect : tooManyRedirects;
      return { answer: result.answer, failure };
    }
    // As with Twilio, what was posted is lost on the way; 307 and 308 keep the method but not the signature's URL.
    const keeps = status === 307 || status === 308;
    result = await requestOnce(
      world,
      call,
      to,
      keeps ? call.method : 'GET',
      keeps ? call.params : [],
      overrides,
      deadline,
    );
    from = to;
  }
}

const badRedirect: Failure = { code: 11216, error: 'HTTP invalid redirect', retry: null };
const tooManyRedirects: Failure = { code: 11215, error: 'HTTP too many redirects', retry: null };

function requestOnce(
  world: World,
  call: Call,
  url: string,
  method: 'GET' | 'POST',
  params: Params,
  overrides: Overrides,
  deadline: number,
) {
  const encoded = new URLSearchParams(params as [string, string][]).toString();
  const get = method === 'GET';
  const requested = get && encoded ? `${url}${url.includes('?') ? '&' : '?'}${encoded}` : url;
  const authToken = world.accounts.get(call.accountSid)?.authToken ?? '';
  const headers: Record<string, string> = {
    'x-twilio-signature': sign(authToken, requested, get ? [] : params),
    'i-twilio-idempotency-token': call.idempotencyToken,
    'user-agent': 'TwilioProxy/1.1',
    accept: '*/*',
    'accept-encoding': 'gzip',
  };
  if (!get) headers['content-type'] = 'application/x-www-form-urlencoded; charset=UTF-8';
  return world.client.request({
    url: requested,
    method,
    headers,
    body: get ? null : encoded,
    // In steps of 100 ms, because every value of it needs connections of its own.
    connectTimeout:
      Math.ceil(Math.max(Math.min(overrides.connectTimeout, deadline - Date.now()), 1) / 100) * 100,
    readTimeout: overrides.readTimeout,
    deadline,
  });
}
