import { isBlocked } from '../choose-sender.ts';
import { guessContentType } from '../content-type.ts';
import type { Message } from '../message.ts';
import { carry } from '../network.ts';
import { newMessage, record } from '../new-message.ts';
import { isPhoneNumber, isWebAddress } from '../validity.ts';
import type { World } from '../world.ts';
import type { Failure } from './failure.ts';
import type { Reply } from './twiml.ts';

const repliesToOneText = 10;
const repliesInARun = 30;
const runGapMs = 30_000;
const longestBody = 1600;

/**
 * Sends the replies in a webhook's TwiML as `outbound-reply`; `answeredBy` is its address. Returns the last thing that kept one back (14101 …), or null.
 */
export function sendReplies(
  world: World,
  inbound: Message,
  replies: Reply[],
  answeredBy: string,
): Failure | null {
  let problem: Failure | null = null;
  for (const reply of replies.slice(0, repliesToOneText))
    problem = sendReply(world, inbound, reply, answeredBy) ?? problem;
  return replies.length > repliesToOneText ? failure(14109, 'TwiML Reply message limit exceeded') : problem;
}

function sendReply(world: World, inbound: Message, reply: Reply, answeredBy: string): Failure | null {
  const from = reply.from ?? inbound.to;
  const to = reply.to ?? inbound.from ?? '';
  const number = world.numbers.byNumber(from);
  if (!isPhoneNumber(to)) return failure(14101, 'Invalid "To" attribute');
  if (number?.accountSid !== inbound.accountSid) return failure(14102, 'Invalid "From" attribute');
  if (reply.body.length > longestBody || (reply.body === '' && reply.media.length === 0)) {
    return failure(14103, 'Invalid Body');
  }
  const statusCallback = reply.statusCallback === null ? null : absolute(reply.statusCallback, answeredBy);
  if (statusCallback !== null && !isWebAddress(statusCallback)) {
    return failure(14105, 'Invalid statusCallback attribute');
  }
  if (runsAway(world, `${from} ${to}`)) return failure(14107, 'SMS send rate limit exceeded');

  const service = world.services.holding(number.sid);
  const blocked = isBlocked(world, to, [from], service?.sid ?? null);
  const message = newMessage(world, {
    accountSid: inbound.accountSid,
    direction: 'outbound-reply',
    from,
    to,
    body: reply.body,
    media: reply.media.map((url) => ({ url, bytes: null, contentType: guessContentType(url) })),
    status: 'queued',
    statusCallback,
    outcome: blocked ? { status: 'failed', code: 21610 } : undefined,
  });
  record(world, message);
  carry(world, message);
  return null;
}

function runsAway(world: World, pair: string): boolean {
  const now = world.time.now();
  const run = world.replyRuns.get(pair);
  if (!run || now - run.lastAt >= runGapMs) {
    world.replyRuns.set(pair, { count: 1, lastAt: now });
    return false;
  }
  run.lastAt = now;
  return ++run.count > repliesInARun;
}

/** A callback in TwiML may be relative to the webhook it came from. */
function absolute(url: string, base: string): string {
  return URL.canParse(url, base) ? new URL(url, base).href : url;
}

function failure(code: number, error: string): Failure {
  return { code, error, retry: null };
}
