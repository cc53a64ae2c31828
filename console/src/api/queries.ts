import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type {
  Assistant,
  Conversation,
  Message,
  MessageRecord,
  MessageStatus,
  Page,
  PhoneNumber,
  Session,
} from '@trunkline/contract';
import type { Device, DeviceQueueEntry } from '@trunkline/contract/device';
import { livePollMs } from './live.ts';
import { request, requestPage } from './request.ts';

export type ApiKey = {
  id: string;
  name: string;
  prefix: string;
  createdAt: string;
  lastUsedAt: string | null;
};

export type QuarantinedWebhook = {
  id: string;
  receivedAt: string;
  reason: string;
  detail: string;
  from: string | null;
  to: string | null;
  kind: string;
  replayedAt: string | null;
};

const pages = <T>(
  key: readonly unknown[],
  path: string,
  query: Record<string, string | number | undefined> = {},
) =>
  infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      requestPage<T>(path, { ...query, cursor: pageParam ?? undefined }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last: Page<T>) => last.nextCursor,
    refetchInterval: livePollMs,
  });

const list = <T>(key: readonly unknown[], path: string) =>
  queryOptions({
    queryKey: key,
    queryFn: async ({ signal }) => (await requestPage<T>(path, { limit: 200 }, signal)).data,
  });

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => request<Session>('/v1/session', { signal }),
  staleTime: 60_000,
});

export const conversationsQuery = () => pages<Conversation>(['conversations'], '/v1/conversations');

export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: ['conversation', id],
    queryFn: ({ signal }) => request<Conversation>(`/v1/conversations/${encodeURIComponent(id)}`, { signal }),
  });

/** Newest first, as the API gives them. */
export const threadQuery = (id: string) =>
  pages<Message>(['thread', id], `/v1/conversations/${encodeURIComponent(id)}/messages`);

export const messagesQuery = (status: MessageStatus | undefined) =>
  pages<Message>(['messages', status ?? 'all'], '/v1/messages', { status });

export const messageQuery = (id: string) =>
  queryOptions({
    queryKey: ['message', id],
    queryFn: ({ signal }) => request<MessageRecord>(`/v1/messages/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: livePollMs,
  });

export const numbersQuery = list<PhoneNumber>(['numbers'], '/v1/numbers');
export const assistantsQuery = list<Assistant>(['assistants'], '/v1/assistants');
export const apiKeysQuery = list<ApiKey>(['api-keys'], '/v1/api-keys');
export const quarantineQuery = list<QuarantinedWebhook>(['quarantine'], '/v1/quarantine');

/** Presence ages without an event, so devices are looked at more often than what events keep fresh. */
const presencePollMs = 10_000;

export const devicesQuery = () => ({
  ...pages<Device>(['devices', 'all'], '/v1/devices'),
  refetchInterval: presencePollMs,
});

export const deviceQuery = (id: string) =>
  queryOptions({
    queryKey: ['devices', id],
    queryFn: ({ signal }) => request<Device>(`/v1/devices/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: presencePollMs,
  });

/** A device’s texts in one state. */
export const deviceTextsQuery = (id: string, status: DeviceQueueEntry['status']) => ({
  ...pages<DeviceQueueEntry>(['device-texts', id, status], `/v1/devices/${encodeURIComponent(id)}/texts`, {
    status,
  }),
  refetchInterval: presencePollMs,
});

/** The latest messages between one phone and one of our numbers, newest first, out of the latest of all. */
export const pairQuery = (phone: string, number: string) =>
  queryOptions({
    queryKey: ['messages', 'pair', phone, number],
    queryFn: async ({ signal }) => {
      const page = await requestPage<Message>('/v1/messages', { limit: 50 }, signal);
      return page.data.filter(
        ({ from, to }) => (from === phone && to === number) || (from === number && to === phone),
      );
    },
    refetchInterval: livePollMs,
  });
