import { expect, expectTypeOf, test } from 'vitest';
import {
  type DeviceMessage,
  deviceMessageSchema,
  deviceTextSchema,
  type DeviceText as OnTheWire,
} from '../../contract/device.ts';
import { type DeviceText, isText, type OutgoingMessage, readText } from '../src/text.ts';

const text: OnTheWire = {
  id: '0199a1b2-0000-7000-8000-000000000001',
  messageId: '0199a1b2-0000-7000-8000-000000000002',
  conversationId: null,
  from: '+12025550123',
  to: '+15550100100',
  body: 'Hello',
  media: [{ url: 'https://sms.example.org/media/1', contentType: 'image/png' }],
  attempt: 1,
  receivedAt: '2026-01-01T00:00:00.000Z',
  leaseUntil: '2026-01-01T00:01:00.000Z',
};

test('our copy of a text is the text of the contract', () => {
  expectTypeOf<DeviceText>().toEqualTypeOf<OnTheWire>();
  expect(readText(JSON.stringify(deviceTextSchema.parse(text)))).toEqual(text);
});

test('what we send is a message of the contract', () => {
  const messages: Exclude<OutgoingMessage, { device: string }>[] = [
    { to: '+12025550123', body: 'Hello' },
    { textId: text.id, body: 'Hello', mediaUrls: ['https://example.org/1.png'] },
  ];
  for (const message of messages) {
    expectTypeOf(message).toExtend<DeviceMessage>();
    expect(deviceMessageSchema.parse(message)).toEqual(message);
  }
});

test.each([
  ['no JSON', '{'],
  ['null', 'null'],
  ['an id that is a path', JSON.stringify({ ...text, id: '../../etc/passwd' })],
  ['no body', JSON.stringify({ ...text, body: undefined })],
])('%s is no text', (_, json) => {
  expect(readText(json)).toBeNull();
});

test('what a newer server adds is kept', () => {
  expect(isText({ ...text, mood: 'good' })).toBe(true);
  expect(readText(JSON.stringify({ ...text, mood: 'good' }))).toHaveProperty('mood', 'good');
});
