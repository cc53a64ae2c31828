import { newSid } from './ids.ts';
import type { Direction, Media, Message, Outcome, Status } from './message.ts';
import { outcomeFor } from './outcomes.ts';
import { countSegments } from './segments.ts';
import type { World } from './world.ts';

export interface NewMedia {
  contentType: string;
  bytes: Buffer | null;
  url: string | null;
}

export interface NewMessage {
  accountSid: string;
  direction: Direction;
  from: string | null;
  to: string;
  body: string;
  media?: NewMedia[];
  serviceSid?: string | null;
  status: Status;
  statusCallback?: string | null;
  validitySeconds?: number;
  sendAt?: number | null;
  outcome?: Outcome | undefined;
}

const longestValiditySeconds = 36_000;

/** Makes a message and files it. It goes nowhere until the network carries it. */
export function newMessage(world: World, wanted: NewMessage): Message {
  const now = world.time.now();
  const sid = newSid(wanted.media?.length ? 'MM' : 'SM');
  const message: Message = {
    sid,
    seq: world.messages.nextSeq(),
    accountSid: wanted.accountSid,
    direction: wanted.direction,
    from: wanted.from,
    to: wanted.to,
    body: wanted.body,
    media: (wanted.media ?? []).map((media) => newMedia(media, wanted.accountSid, sid, now)),
    serviceSid: wanted.serviceSid ?? null,
    status: wanted.status,
    errorCode: null,
    createdAt: now,
    updatedAt: now,
    sentAt: wanted.direction === 'inbound' ? now : null,
    segments: wanted.media?.length ? 1 : countSegments(wanted.body).segments,
    statusCallback: wanted.statusCallback ?? null,
    expiresAt: (wanted.sendAt ?? now) + (wanted.validitySeconds ?? longestValiditySeconds) * 1000,
    sendAt: wanted.sendAt ?? null,
    outcome: wanted.outcome ?? outcomeFor(wanted.to),
    next: null,
    ledger: null,
    optOutType: null,
    deleted: false,
    callbacks: null,
  };
  world.messages.add(message);
  return message;
}

function newMedia(media: NewMedia, accountSid: string, messageSid: string, createdAt: number): Media {
  return { sid: newSid('ME'), accountSid, messageSid, createdAt, ...media };
}

/** Puts an outgoing message on the ledger of what left the house. */
export function record(world: World, message: Message): void {
  message.ledger = {
    sid: message.sid,
    accountSid: message.accountSid,
    from: message.from,
    to: message.to,
    body: message.body,
    mediaUrls: message.media.map((media) => media.url ?? ''),
    status: message.status,
    errorCode: null,
    segments: message.segments,
    statusCallback: message.statusCallback,
    acceptedAt: new Date(message.createdAt).toISOString(),
    direction: message.direction === 'outbound-reply' ? 'outbound-reply' : 'outbound-api',
  };
  world.ledger.add(message.ledger);
}
