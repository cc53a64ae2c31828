import type { Message } from './message.ts';

export interface MessageFilter {
  to: string | null;
  from: string | null;
  /** Whole seconds, both inclusive; with either bound a message without a sent date does not match. */
  sentFrom: number | null;
  sentUntil: number | null;
}

export interface MessagePage {
  messages: Message[];
  older: boolean;
  newer: boolean;
}

export interface MessageIndex {
  add(message: Message): void;
  /** Puts a message under its sender, once a Messaging Service chose one. */
  addSender(message: Message): void;
  /** Tells the index that the sent date of a message is known, so that it can stop early when listing by date. */
  noteSent(message: Message): void;
  /**
   * Returns one page, newest first: the messages older than `before`, or the ones next newer than `after`.
   */
  page(filter: MessageFilter, size: number, before: number | null, after: number | null): MessagePage;
}

/** The messages of one account in lists that are sorted by `seq`: all, per recipient, per sender, per pair. */
export function createMessageIndex(): MessageIndex {
  const all: Message[] = [];
  const byTo = new Map<string, Message[]>();
  const byFrom = new Map<string, Message[]>();
  const byPair = new Map<string, Message[]>();
  let longestWait = 0;

  const pair = (from: string, to: string) => `${from}|${to}`;

  function addSender(message: Message) {
    if (message.from === null) return;
    insert(listOf(byFrom, message.from), message);
    insert(listOf(byPair, pair(message.from, message.to)), message);
  }

  function candidates({ to, from }: MessageFilter): Message[] {
    if (to !== null && from !== null) return byPair.get(pair(from, to)) ?? [];
    if (to !== null) return byTo.get(to) ?? [];
    if (from !== null) return byFrom.get(from) ?? [];
    return all;
  }

  return {
    add(message) {
      insert(all, message);
      insert(listOf(byTo, message.to), message);
      addSender(message);
    },
    addSender,
    noteSent(message) {
      longestWait = Math.max(longestWait, (message.sentAt ?? 0) - message.createdAt);
    },
    page(filter, size, before, after) {
      const list = candidates(filter);
      const found: Message[] = [];
      if (after !== null) {
        let i = position(list, after + 1);
        for (; i < list.length && found.length <= size; i++)
          if (matches(list[i]!, filter)) found.push(list[i]!);
        const newer = found.length > size;
        return { messages: found.slice(0, size).reverse(), older: true, newer };
      }
      const oldest = filter.sentFrom === null ? null : filter.sentFrom * 1000 - longestWait;
      for (let i = (before === null ? list.length : position(list, before)) - 1; i >= 0; i--) {
        const message = list[i]!;
        if (oldest !== null && message.createdAt < oldest) break;
        if (!matches(message, filter)) continue;
        found.push(message);
        if (found.length > size) break;
      }
      return { messages: found.slice(0, size), older: found.length > size, newer: before !== null };
    },
  };
}

function matches(message: Message, filter: MessageFilter): boolean {
  if (message.deleted) return false;
  if (filter.sentFrom === null && filter.sentUntil === null) return true;
  if (message.sentAt === null) return false;
  const second = Math.floor(message.sentAt / 1000);
  return (
    (filter.sentFrom === null || second >= filter.sentFrom) &&
    (filter.sentUntil === null || second <= filter.sentUntil)
  );
}

function listOf(lists: Map<string, Message[]>, key: string): Message[] {
  let list = lists.get(key);
  if (!list) {
    list = [];
    lists.set(key, list);
  }
  return list;
}

/** The first place in `list` whose seq is at least `seq`. */
function position(list: Message[], seq: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]!.seq < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

function insert(list: Message[], message: Message) {
  const last = list[list.length - 1];
  if (!last || last.seq < message.seq) list.push(message);
  else if (list[position(list, message.seq)] !== message)
    list.splice(position(list, message.seq), 0, message);
}
