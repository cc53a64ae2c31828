import { timeBetween } from './time.ts';

export type Presence = { tone: 'on' | 'off' | 'never'; words: string };

type Seen = { online: boolean; lastSeenAt: string | null };

/** Whether a device is there, as one says it: `Online`, `Seen 3 min ago`, `Never seen`. */
export const presenceOf = ({ online, lastSeenAt }: Seen, now: Date): Presence => {
  if (online) return { tone: 'on', words: 'Online' };
  if (lastSeenAt === null) return { tone: 'never', words: 'Never seen' };
  return { tone: 'off', words: `Seen ${ago(lastSeenAt, now)}` };
};

/** How long ago a moment was, for a sentence: `a moment ago`, `3 min ago`, `2 days ago`. */
export const ago = (iso: string, now: Date): string =>
  now.getTime() - new Date(iso).getTime() < 60_000
    ? 'a moment ago'
    : `${timeBetween(iso, now.toISOString())} ago`;
