import { isTollFree, type Keyword, readKeyword } from './keywords.ts';
import type { Message } from './message.ts';
import type { Service } from './messaging-services.ts';
import { carry } from './network.ts';
import { type NewMedia, newMessage } from './new-message.ts';
import type { OwnedNumber } from './numbers.ts';
import { callInbound, type InboundResult, inboundTarget } from './webhooks/inbound.ts';
import type { World } from './world.ts';

export interface IncomingText {
  from: string;
  to: string;
  body: string;
  media: NewMedia[];
}

export interface Received {
  message: Message;
  /** The webhook under way, or null when no URL is to be called. */
  webhook: Promise<InboundResult> | null;
}

/**
 * A text reaches Twilio. Returns null when nobody owns the number it went to, or when its Messaging Service has no
 * inbound URL, in which case Twilio drops it. Keywords are answered before the webhook is made.
 */
export function receive(world: World, text: IncomingText): Received | null {
  const number = world.numbers.byNumber(text.to);
  if (!number) return null;
  const service = world.services.holding(number.sid);
  const keyword = text.media.length === 0 ? heed(world, text, number, service) : null;
  const target = inboundTarget(number, service);
  if (target === 'dropped') return null;
  const message = newMessage(world, {
    ...text,
    accountSid: number.accountSid,
    direction: 'inbound',
    serviceSid: service?.sid ?? null,
    status: 'received',
  });
  if (service?.advancedOptOut) message.optOutType = keyword;
  return { message, webhook: target === null ? null : callInbound(world, message, target) };
}

function heed(
  world: World,
  { from, to, body }: IncomingText,
  number: OwnedNumber,
  service: Service | undefined,
): Keyword | null {
  if (!world.settings.keywordReplies && !isTollFree(to)) return null;
  const keyword = readKeyword(body, to);
  if (!keyword) return null;
  const answer = world.blocks.apply(keyword, from, to, service?.sid ?? number.phoneNumber);
  if (answer !== null) {
    const { accountSid } = number;
    carry(
      world,
      newMessage(world, {
        accountSid,
        direction: 'outbound-reply',
        from: to,
        to: from,
        body: answer,
        status: 'queued',
      }),
    );
  }
  return keyword;
}
