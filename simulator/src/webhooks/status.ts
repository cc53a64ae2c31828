import { carrierMinute } from '../dates.ts';
import type { Message } from '../message.ts';
import type { World } from '../world.ts';
import { type Call, deliver, newIdempotencyToken } from './deliver.ts';

/**
 * Tells the status callback that the message's status changed, after the callbacks before it. Does nothing without a URL.
 */
export function announce(world: World, message: Message, at: number): void {
  const service = message.serviceSid === null ? undefined : world.services.get(message.serviceSid);
  const url = message.statusCallback ?? service?.statusCallback;
  if (!url) return;
  const call: Call = {
    kind: 'status',
    accountSid: message.accountSid,
    messageSid: message.sid,
    url,
    method: 'POST',
    params: paramsOf(message, at),
    idempotencyToken: newIdempotencyToken(),
  };
  const facts = { to: message.to, from: message.from, body: message.body, status: message.status };
  const effect = world.faults.take(['status'], ['drop', 'repeat', 'shuffle', 'latency'], facts);
  if (effect?.kind === 'drop') return;
  if (effect?.kind === 'shuffle') {
    setTimeout(() => void deliver(world, call), Math.random() * effect.ms).unref();
    return;
  }
  inTurn(message, async () => {
    if (effect?.kind === 'latency') await pause(effect.ms);
    const times = effect?.kind === 'repeat' ? effect.times : 1;
    const calls = Array.from({ length: times }, (_, i) => (i === 0 ? call : again(call)));
    await Promise.all(calls.map((each) => deliver(world, each)));
  });
}

/** A second delivery of the same callback, not a retry: its token is another. */
function again(call: Call): Call {
  return { ...call, idempotencyToken: newIdempotencyToken() };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

function inTurn(message: Message, callback: () => Promise<void>) {
  if (message.callbacks !== null) {
    message.callbacks.push(callback);
    return;
  }
  const waiting: (() => Promise<void>)[] = [];
  message.callbacks = waiting;
  const run = async () => {
    for (let next: (() => Promise<void>) | undefined = callback; next; next = waiting.shift()) await next();
    message.callbacks = null;
  };
  void run();
}

function paramsOf(message: Message, at: number): [string, string][] {
  const params: [string, string][] = [];
  if (message.status === 'delivered' || message.status === 'undelivered') {
    params.push(['RawDlrDoneDate', carrierMinute(at)]);
  }
  params.push(
    ['SmsSid', message.sid],
    ['SmsStatus', message.status],
    ['MessageStatus', message.status],
    ['To', message.to],
    ['MessageSid', message.sid],
    ['AccountSid', message.accountSid],
    ['From', message.from ?? ''],
    ['ApiVersion', '2010-04-01'],
  );
  if (message.serviceSid !== null) params.push(['MessagingServiceSid', message.serviceSid]);
  if (message.errorCode !== null) params.push(['ErrorCode', String(message.errorCode)]);
  return params;
}
