import type { Message } from './message.ts';
import { receive } from './receive.ts';
import { show } from './show.ts';
import type { World } from './world.ts';

/** A text reaches the other phone; when that number is itself owned by an account, it comes in there. */
export function arrive(world: World, message: Message): void {
  const from = message.from ?? '';
  if (world.numbers.byNumber(message.to)) {
    const media = message.media.map(({ contentType, bytes, url }) => ({ contentType, bytes, url }));
    receive(world, { from, to: message.to, body: message.body, media });
    return;
  }
  const mediaUrls = message.media.map((media) => media.url ?? '');
  show(world, message.to, 'in', message, from, mediaUrls);
}
