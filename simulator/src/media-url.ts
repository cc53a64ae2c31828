import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Media } from './message.ts';
import type { World } from './world.ts';

const key = randomBytes(32);
const goodForMs = 4 * 3600 * 1000;

/** The address of a media file as Twilio gives it; it asks for credentials and redirects. */
export function mediaUrl(world: World, media: Media): string {
  return `${world.url}/2010-04-01/Accounts/${media.accountSid}/Messages/${media.messageSid}/Media/${media.sid}`;
}

/** The short-lived address it redirects to, which needs no credentials: its path carries a token. */
export function openMediaUrl(world: World, media: Media): string {
  const until = world.time.now() + goodForMs;
  return `${world.url}/media/${media.sid}/${until}/${token(media.sid, until)}`;
}

/** Returns the media that an open path leads to, or undefined when the token is wrong or too old. */
export function openMedia(world: World, path: string): Media | undefined {
  const [, , sid = '', until = '', given = ''] = path.split('/');
  const expected = Buffer.from(token(sid, Number(until)));
  const shown = Buffer.from(given);
  if (expected.length !== shown.length || !timingSafeEqual(expected, shown)) return undefined;
  return world.time.now() > Number(until) ? undefined : world.messages.media(sid);
}

function token(sid: string, until: number): string {
  return createHmac('sha256', key).update(`${sid}/${until}`).digest('hex');
}
