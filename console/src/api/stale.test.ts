import { expect, test } from 'vitest';
import { staleKeys } from './stale.ts';

test.each([
  [{ messageId: null, conversationId: null }, []],
  [{ messageId: 'm', conversationId: null }, ['messages', 'message m']],
  [{ messageId: null, conversationId: 'c' }, ['conversations', 'conversation c', 'thread c']],
  [
    { messageId: 'm', conversationId: 'c' },
    ['messages', 'message m', 'conversations', 'conversation c', 'thread c'],
  ],
])('%j makes %j stale', (event, keys) => {
  expect(staleKeys(event)).toEqual(keys);
});
