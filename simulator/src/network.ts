import { chooseSender } from './choose-sender.ts';
import type { Message, Status } from './message.ts';
import { announce } from './webhooks/status.ts';
import type { World } from './world.ts';

/** Sets a message going: from its initial status to its end, at the network's pace. */
export function carry(world: World, message: Message): void {
  const due = begin(world, message);
  if (due !== null) wait(world, message, due);
}

/** Carries a message to its end at once, callbacks and all; resolves when the last callback was answered. */
export async function rush(world: World, message: Message): Promise<void> {
  let due = begin(world, message);
  while (due !== null) due = step(world, message, due);
  await new Promise<void>((resolve) => {
    if (message.callbacks === null) resolve();
    else message.callbacks.push(async () => resolve());
  });
}

/** Cancels a scheduled message. */
export function cancel(world: World, message: Message): void {
  message.next = null;
  become(world, message, 'canceled', world.time.now());
}

function wait(world: World, message: Message, due: number) {
  world.time.at(due, (at) => {
    const next = step(world, message, at);
    if (next !== null) wait(world, message, next);
  });
}

/** Returns when the first step is due. */
function begin(world: World, message: Message): number | null {
  if (message.status === 'queued') return queue(world, message, message.createdAt);
  message.next = 'choose';
  if (message.sendAt !== null) return message.sendAt;
  return message.createdAt + Math.floor(world.settings.sentAfterMs / 3);
}

/** Does what is due; returns when the next step is, or null at the end. */
function step(world: World, message: Message, at: number): number | null {
  if (message.deleted) return null;
  switch (message.next) {
    case 'choose': {
      const sender = chooseSender(world, message, at);
      if (typeof sender === 'number') return fail(world, message, sender, at);
      if (message.from === null) {
        message.from = sender;
        world.messages.index(message.accountSid).addSender(message);
      }
      become(world, message, 'queued', at);
      return queue(world, message, at);
    }
    case 'sending':
      // Twilio hardly ever reports this one, so there is no callback.
      message.status = 'sending';
      message.next = 'sent';
      return at + world.settings.sentAfterMs;
    case 'expire':
      return fail(world, message, 30036, at);
    case 'sent': {
      const { outcome } = message;
      if (outcome.status === 'failed') return fail(world, message, outcome.code, at);
      message.sentAt = at;
      world.messages.index(message.accountSid).noteSent(message);
      become(world, message, 'sent', at);
      message.next = 'finish';
      if (outcome.status !== 'sent') return at + world.settings.deliveredAfterMs;
      message.next = null;
      world.arrive(message);
      return null;
    }
    case 'finish':
      message.next = null;
      if (message.outcome.status === 'delivered') world.arrive(message);
      become(world, message, message.outcome.status, at, message.outcome.code);
      return null;
    case null:
      return null;
  }
}

function queue(world: World, message: Message, at: number): number {
  const { segmentsPerSecond, sentAfterMs } = world.settings;
  const sender = message.from ?? '';
  const turn = segmentsPerSecond === 0 ? at : world.pace.turn(sender, at);
  if (turn > message.expiresAt) {
    message.next = 'expire';
    return message.expiresAt;
  }
  world.pace.take(sender, message.segments, at, segmentsPerSecond);
  message.next = turn > at ? 'sending' : 'sent';
  return turn > at ? turn : at + sentAfterMs;
}

function fail(world: World, message: Message, code: number | null, at: number): null {
  message.next = null;
  become(world, message, 'failed', at, code);
  return null;
}

function become(world: World, message: Message, status: Status, at: number, code: number | null = null) {
  message.status = status;
  message.errorCode = code;
  message.updatedAt = at;
  if (message.ledger) {
    message.ledger.status = status;
    message.ledger.errorCode = code;
    message.ledger.from = message.from;
  }
  announce(world, message, at);
}
