import { expect, test } from 'vitest';
import { type PastText, recentHistory } from './recent-history.ts';

const user = (text: string, mediaCount?: number): PastText => ({
  role: 'user',
  text,
  ...(mediaCount !== undefined && { mediaCount }),
});
const assistant = (text: string): PastText => ({ role: 'assistant', text });

test('texts of one role in a row are one message', () => {
  expect(recentHistory([user('a'), user('b'), assistant('c'), assistant('d'), user('e')])).toEqual([
    { role: 'user', content: 'a\nb' },
    { role: 'assistant', content: 'c\nd' },
    { role: 'user', content: 'e' },
  ]);
});

test.each([
  [user('look', 1), 'look\n[sent 1 picture]'],
  [user('', 2), '[sent 2 pictures]'],
  [user('  ', 0), '[empty text]'],
])('pictures and emptiness are said in words: %j', (past, content) =>
  expect(recentHistory([past])).toEqual([{ role: 'user', content }]),
);

test('a conversation that the assistant began still begins with the person', () => {
  expect(recentHistory([assistant('Your table is booked.'), user('When?')])).toEqual([
    { role: 'user', content: '[you wrote first]' },
    { role: 'assistant', content: 'Your table is booked.' },
    { role: 'user', content: 'When?' },
  ]);
});

test('the newest 50 texts', () => {
  const shown = recentHistory(
    Array.from({ length: 80 }, (_, i) => (i % 2 ? user(`${i}`) : assistant(`${i}`))),
  );
  expect(shown.filter(({ content }) => /^\d+$/.test(content)).map(({ content }) => content)).toEqual(
    Array.from({ length: 50 }, (_, i) => `${i + 30}`),
  );
});

test('at most 12,000 characters, the oldest dropped whole', () => {
  const texts = Array.from({ length: 10 }, (_, i) => (i % 2 ? user : assistant)(`${i}`.repeat(1_600)));
  const shown = recentHistory(texts);
  expect(shown.map(({ content }) => [content[0], content.length])).toEqual(
    [3, 4, 5, 6, 7, 8, 9].map((i) => [`${i}`, 1_600]),
  );
});

test('the newest text is shown however long, and nothing for nothing', () => {
  expect(recentHistory([user('old'), user('x'.repeat(13_000))])[0]!.content).toHaveLength(13_000);
  expect(recentHistory([])).toEqual([]);
});
