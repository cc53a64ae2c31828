import type { QueryClient } from '@tanstack/react-query';
import type { Event } from '@trunkline/contract';
import { useSyncExternalStore } from 'react';
import { gather } from './gather.ts';
import { heardTypes, staleKeys } from './stale.ts';

export type LiveState = 'connecting' | 'live' | 'reconnecting';

let state: LiveState = 'connecting';
let answering: ReadonlySet<string> = new Set();
const watchers = new Set<() => void>();

const tell = (): void => {
  for (const watcher of watchers) watcher();
};

const setState = (next: LiveState): void => {
  state = next;
  tell();
};

const setAnswering = (conversationId: string, on: boolean): void => {
  if (answering.has(conversationId) === on) return;
  const next = new Set(answering);
  if (on) next.add(conversationId);
  else next.delete(conversationId);
  answering = next;
  tell();
};

const watch = (watcher: () => void): (() => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};

/** How often a list that events keep fresh is fetched all the same: an event is a hint, the answer is the truth. */
export const livePollMs = (): number => (state === 'live' ? 30_000 : 5_000);

/** Whether the event stream is open. */
export const useLiveState = (): LiveState => useSyncExternalStore(watch, () => state);

/** Whether an assistant is writing in this conversation just now. */
export const useAnswering = (conversationId: string): boolean =>
  useSyncExternalStore(watch, () => answering.has(conversationId));

const gatherMs = 150;
const reopenMs = 2_000;
/** A hidden tab gives its connection back after this: a browser has only six per host. */
const hiddenMs = 30_000;

/**
 * Follows /v1/events and refetches what each event made stale. Returns the function that stops it.
 * What was missed while the stream was closed is fetched when it opens again.
 */
export const followEvents = (queries: QueryClient): (() => void) => {
  let source: EventSource | null = null;
  let reopen: ReturnType<typeof setTimeout> | undefined;
  let hide: ReturnType<typeof setTimeout> | undefined;
  let missed = false;

  const markStale = gather<string>(gatherMs, (keys) =>
    Promise.all([...keys].map((key) => queries.invalidateQueries({ queryKey: key.split(' ') }))),
  );

  const hear = (message: MessageEvent<string>): void => {
    const event = JSON.parse(message.data) as Event;
    if (event.conversationId !== null) {
      if (event.type === 'turn.started') setAnswering(event.conversationId, true);
      if (event.type === 'turn.completed' || event.type === 'turn.failed') {
        setAnswering(event.conversationId, false);
      }
    }
    for (const key of staleKeys(event)) markStale(key);
  };

  const close = (): void => {
    clearTimeout(reopen);
    source?.close();
    source = null;
    missed = true;
  };

  const open = (): void => {
    clearTimeout(reopen);
    const opened = new EventSource('/v1/events');
    source = opened;
    opened.onopen = () => {
      if (missed) void queries.invalidateQueries();
      missed = false;
      setState('live');
    };
    opened.onerror = () => {
      missed = true;
      answering = new Set();
      setState('reconnecting');
      // The browser reconnects by itself unless the server answered with an error; then it is on us.
      if (opened.readyState === EventSource.CLOSED) reopen = setTimeout(open, reopenMs);
    };
    for (const type of ['message', ...heardTypes]) opened.addEventListener(type, hear);
  };

  const onVisibility = (): void => {
    clearTimeout(hide);
    if (document.hidden) hide = setTimeout(close, hiddenMs);
    else if (source === null) open();
  };

  open();
  document.addEventListener('visibilitychange', onVisibility);
  return () => {
    clearTimeout(hide);
    document.removeEventListener('visibilitychange', onVisibility);
    close();
  };
};
