import { expect, test } from 'vitest';
import { staleKeys } from './stale.ts';

const ofConversation = ['conversations', 'conversation c', 'thread c'];

test.each([
  ['turn.started', null, null, []],
  ['message.sent', 'm', null, ['messages', 'message m']],
  ['turn.started', null, 'c', ofConversation],
  ['message.sent', 'm', 'c', ['messages', 'message m', ...ofConversation]],
  ['message.received', 'm', 'c', ['messages', 'message m', ...ofConversation, 'devices', 'device-texts']],
  ['device.taken', 'm', 'c', ['messages', 'message m', ...ofConversation, 'devices', 'device-texts']],
  ['device.queue_full', null, null, ['devices', 'device-texts']],
])('%s of message %s in conversation %s makes %j stale', (type, messageId, conversationId, keys) => {
  expect(staleKeys({ type, messageId, conversationId })).toEqual(keys);
});
