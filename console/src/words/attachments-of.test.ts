import { expect, test } from 'vitest';
import { attachmentsOf } from './attachments-of.ts';

const kept = (id: number, status: 'waiting' | 'stored' | 'failed', contentType = 'image/png') => ({
  url: `https://sms.example/media/${id}?until=1&signature=x`,
  contentType,
  status,
});

test('what came in is fetched from us, unless it could not be kept; only a picture that is there is one', () => {
  const mediaUrls = [1, 2, 3, 4].map((id) => `https://provider.example/${id}`);
  const media = [kept(1, 'stored'), kept(2, 'failed'), kept(3, 'waiting'), kept(4, 'stored', 'text/vcard')];
  expect(attachmentsOf({ media, mediaUrls })).toEqual([
    { url: '/media/1?until=1&signature=x', isPicture: true },
    { url: 'https://provider.example/2', isPicture: false },
    { url: '/media/3?until=1&signature=x', isPicture: false },
    { url: '/media/4?until=1&signature=x', isPicture: false },
  ]);
});

test('what goes out is where it was said to be', () => {
  expect(attachmentsOf({ media: [], mediaUrls: ['https://pictures.example/1'] })).toEqual([
    { url: 'https://pictures.example/1', isPicture: true },
  ]);
});
