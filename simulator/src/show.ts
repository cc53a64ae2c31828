import type { PhoneMessage } from '@trunkline/contract/simulator';
import type { World } from './world.ts';

/** Puts a message on a phone's screen. */
export function show(
  world: World,
  number: string,
  direction: 'in' | 'out',
  message: { sid: string; body: string },
  peer: string,
  mediaUrls: string[],
): PhoneMessage {
  const at = new Date(world.time.now()).toISOString();
  const shown: PhoneMessage = { sid: message.sid, direction, peer, body: message.body, mediaUrls, at };
  world.phones.show(number, shown);
  return shown;
}
