import type { Media, Message } from './message.ts';
import { createMessageIndex, type MessageIndex } from './message-index.ts';

export interface MessageStore {
  /** The message of this account, or undefined. */
  get(accountSid: string, sid: string): Message | undefined;
  find(sid: string): Message | undefined;
  index(accountSid: string): MessageIndex;
  nextSeq(): number;
  add(message: Message): void;
  remove(message: Message): void;
  media(sid: string): Media | undefined;
  addMedia(media: Media): void;
  removeMedia(media: Media): void;
  count(): number;
  clear(): void;
}

/** Keeps every message and its media in memory. */
export function createMessageStore(): MessageStore {
  const bySid = new Map<string, Message>();
  const mediaBySid = new Map<string, Media>();
  const indexes = new Map<string, MessageIndex>();
  let seq = 0;

  function index(accountSid: string): MessageIndex {
    let found = indexes.get(accountSid);
    if (!found) {
      found = createMessageIndex();
      indexes.set(accountSid, found);
    }
    return found;
  }

  return {
    get(accountSid, sid) {
      const message = bySid.get(sid);
      return message?.accountSid === accountSid ? message : undefined;
    },
    find: (sid) => bySid.get(sid),
    index,
    nextSeq: () => ++seq,
    add(message) {
      bySid.set(message.sid, message);
      index(message.accountSid).add(message);
      for (const media of message.media) mediaBySid.set(media.sid, media);
    },
    remove(message) {
      message.deleted = true;
      bySid.delete(message.sid);
      for (const media of message.media) mediaBySid.delete(media.sid);
    },
    media: (sid) => mediaBySid.get(sid),
    addMedia: (media) => void mediaBySid.set(media.sid, media),
    removeMedia(media) {
      mediaBySid.delete(media.sid);
      const message = bySid.get(media.messageSid);
      if (message) message.media = message.media.filter((kept) => kept !== media);
    },
    count: () => bySid.size,
    clear() {
      bySid.clear();
      mediaBySid.clear();
      indexes.clear();
    },
  };
}
