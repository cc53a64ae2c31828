import { mediaUrl } from '../media-url.ts';
import type { Message } from '../message.ts';
import type { Service } from '../messaging-services.ts';
import type { OwnedNumber } from '../numbers.ts';
import type { World } from '../world.ts';
import { type Delivery, deliver, newIdempotencyToken } from './deliver.ts';
import type { Failure } from './failure.ts';
import { geoParams } from './geo.ts';
import { sendReplies } from './replies.ts';
import type { Params } from './sign.ts';
import { readTwiml, type Twiml } from './twiml.ts';

export interface InboundTarget {
  url: string;
  method: 'GET' | 'POST';
  fallbackUrl: string | null;
  fallbackMethod: 'GET' | 'POST';
}

export interface InboundResult {
  /** HTTP status of the last answer, or null without one. */
  status: number | null;
  attempts: number;
}

const redirectsFollowed = 10;

/**
 * Tells which URL a text to this number goes to: the service's, unless the service leaves it to the number. Returns null
 * when the number has none, and 'dropped' when the service has none.
 */
export function inboundTarget(
  number: OwnedNumber,
  service: Service | undefined,
): InboundTarget | null | 'dropped' {
  if (service && !service.useInboundWebhookOnNumber) {
    if (!service.inboundRequestUrl) return 'dropped';
    return {
      url: service.inboundRequestUrl,
      method: service.inboundMethod,
      fallbackUrl: service.fallbackUrl || null,
      fallbackMethod: service.fallbackMethod,
    };
  }
  if (!number.smsUrl) return null;
  return {
    url: number.smsUrl,
    method: number.smsMethod,
    fallbackUrl: number.smsFallbackUrl || null,
    fallbackMethod: number.smsFallbackMethod,
  };
}

/** Makes the inbound webhook of a message, under the faults set for it; resolves when all attempts ended. */
export async function callInbound(
  world: World,
  message: Message,
  target: InboundTarget,
): Promise<InboundResult> {
  const facts = { to: message.to, from: message.from, body: message.body };
  const effect = world.faults.take(['inbound'], ['drop', 'repeat', 'shuffle', 'latency'], facts);
  switch (effect?.kind) {
    case 'drop':
      return { status: null, attempts: 0 };
    case 'latency':
      await pause(effect.ms);
      return callOnce(world, message, target);
    case 'shuffle':
      await pause(Math.random() * effect.ms);
      return callOnce(world, message, target);
    case 'repeat': {
      const all = await Promise.all(
        Array.from({ length: effect.times }, () => callOnce(world, message, target)),
      );
      return { status: all.at(-1)!.status, attempts: all.reduce((sum, one) => sum + one.attempts, 0) };
    }
    default:
      return callOnce(world, message, target);
  }
}

/** Makes the inbound webhook once, with retries and fallback, and sends what its TwiML says. */
export async function callOnce(
  world: World,
  message: Message,
  target: InboundTarget,
): Promise<InboundResult> {
  const params = inboundParams(world, message);
  const first = await follow(world, message, 'inbound', target.url, target.method, params);
  if (!first.failure || target.fallbackUrl === null) return resultOf(first, 0);
  const why: Params = [...params, ['ErrorCode', String(first.failure.code)], ['ErrorUrl', target.url]];
  const second = await follow(world, message, 'fallback', target.fallbackUrl, target.fallbackMethod, why);
  return resultOf(second, first.attempts);
}

/** Delivers, reads the TwiML, follows its redirects, sends its replies. */
async function follow(
  world: World,
  message: Message,
  kind: 'inbound' | 'fallback',
  firstUrl: string,
  firstMethod: 'GET' | 'POST',
  params: Params,
): Promise<Delivery> {
  let url = firstUrl;
  let method = firstMethod;
  let attempts = 0;
  const idempotencyToken = newIdempotencyToken();
  for (let redirects = 0; ; redirects++) {
    let twiml: Twiml | null = null;
    const { accountSid, sid: messageSid } = message;
    const call = { kind, accountSid, messageSid, url, method, params, idempotencyToken };
    const delivery = await deliver(world, call, (answer) => {
      twiml = readTwiml(answer);
      return twiml.failure;
    });
    attempts += delivery.attempts;
    const read = twiml as Twiml | null;
    if (delivery.failure || !read) return { ...delivery, attempts };
    const warning = sendReplies(world, message, read.replies, url) ?? read.warning;
    if (warning) note(world, message, kind, url, warning);
    if (read.redirect === null || redirects === redirectsFollowed) return { ...delivery, attempts };
    const base = url.split('#')[0]!;
    if (!URL.canParse(read.redirect.url, base)) return { ...delivery, attempts };
    url = new URL(read.redirect.url, base).href;
    method = read.redirect.method;
  }
}

/** Puts something that was wrong with an accepted answer on the log, without a request of its own. */
function note(world: World, message: Message, kind: 'inbound' | 'fallback', url: string, warning: Failure) {
  world.webhooks.add({
    at: new Date(world.time.now()).toISOString(),
    kind,
    url,
    messageSid: message.sid,
    attempt: 0,
    status: null,
    errorCode: warning.code,
    error: warning.error,
    durationMs: 0,
  });
}

function resultOf(delivery: Delivery, before: number): InboundResult {
  return { status: delivery.answer?.status ?? null, attempts: before + delivery.attempts };
}

/** Twilio's parameters for an inbound message; every value a string. */
function inboundParams(world: World, message: Message): Params {
  const from = message.from ?? '';
  const params: [string, string][] = [
    ...geoParams('To', message.to),
    ['SmsMessageSid', message.sid],
    ['NumMedia', String(message.media.length)],
    ['SmsSid', message.sid],
    ['SmsStatus', 'received'],
    ...geoParams('From', from),
    ['Body', message.body],
    ['To', message.to],
    ['NumSegments', String(message.segments)],
    ['MessageSid', message.sid],
    ['AccountSid', message.accountSid],
    ['From', from],
    ['ApiVersion', '2010-04-01'],
  ];
  if (message.serviceSid !== null) params.push(['MessagingServiceSid', message.serviceSid]);
  if (message.optOutType !== null) params.push(['OptOutType', message.optOutType]);
  for (const [i, media] of message.media.entries()) {
    params.push([`MediaContentType${i}`, media.contentType], [`MediaUrl${i}`, mediaUrl(world, media)]);
  }
  return params;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
