import type { Message } from './message.ts';
import type { World } from './world.ts';

/** Why a Messaging Service could not send: Twilio's asynchronous code. */
export type Refusal = 21610 | 21703 | 30001;

/**
 * Chooses the sender of a message that came through a Messaging Service: the one it names, else the one this recipient
 * knows, else the next in the pool. Returns the number, or the code with which the message fails.
 */
export function chooseSender(world: World, message: Message, at: number): string | Refusal {
  const service = message.serviceSid === null ? undefined : world.services.get(message.serviceSid);
  const pool = [...(service?.pool.keys() ?? [])].flatMap(
    (sid) => world.numbers.bySid(sid)?.phoneNumber ?? [],
  );
  if (!service || pool.length === 0) return 21703;
  if (isBlocked(world, message.to, pool, service.sid)) return 21610;

  const known = service.stickySender ? service.sticky.get(message.to) : undefined;
  const sender =
    message.from ?? (known && pool.includes(known) ? known : pool[service.turn++ % pool.length]!);
  service.sticky.set(message.to, sender);
  return isFull(world, sender, message.segments, at) ? 30001 : sender;
}

/** Whether the recipient opted out of any of these numbers' scope. */
export function isBlocked(world: World, to: string, numbers: string[], serviceSid: string | null): boolean {
  return (
    world.blocks.has(to, serviceSid) || (numbers.length > 0 && numbers.every((n) => world.blocks.has(to, n)))
  );
}

/** Whether the sender's queue has no room for this many segments more. */
export function isFull(world: World, sender: string, segments: number, at: number): boolean {
  const { segmentsPerSecond, queueLimitSegments } = world.settings;
  return (
    segmentsPerSecond > 0 && world.pace.waiting(sender, at, segmentsPerSecond) + segments > queueLimitSegments
  );
}
