import type { Event, EventType } from '@trunkline/contract';

/** EventSource only hears the types it is told of; the compiler keeps this list whole. */
const known: Record<EventType | 'message.attempted', true> = {
  'message.received': true,
  'message.routed': true,
  'message.accepted': true,
  'message.attempted': true,
  'message.held': true,
  'message.released': true,
  'message.sending': true,
  'message.sent': true,
  'message.retrying': true,
  'message.unknown': true,
  'message.resolved': true,
  'message.receipt': true,
  'message.failed': true,
  'message.expired': true,
  'message.canceled': true,
  'turn.started': true,
  'turn.completed': true,
  'turn.retrying': true,
  'turn.failed': true,
  'media.stored': true,
  'media.retrying': true,
  'media.failed': true,
  'media.deleted': true,
  'media.not_deleted': true,
  'device.queued': true,
  'device.offered': true,
  'device.taken': true,
  'device.failed': true,
  'device.dead_letter': true,
  'device.replayed': true,
  'device.queue_full': true,
};
export const heardTypes: readonly string[] = Object.keys(known);

/** The query keys whose answers an event makes stale, each as `kind` or `kind id`. */
export const staleKeys = (event: Pick<Event, 'type' | 'conversationId' | 'messageId'>): string[] => [
  ...(event.messageId === null ? [] : ['messages', `message ${event.messageId}`]),
  ...(event.conversationId === null
    ? []
    : ['conversations', `conversation ${event.conversationId}`, `thread ${event.conversationId}`]),
  // A text that comes in may be for a device; its queue has no event of its own for that.
  ...(event.type === 'message.received' || event.type.startsWith('device.')
    ? ['devices', 'device-texts']
    : []),
];
