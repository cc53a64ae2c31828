import { expect, test } from 'vitest';
import { urlsOf } from './urls-of.ts';

const kept = (url: string, status: 'waiting' | 'stored' | 'failed') => ({
  url,
  contentType: 'image/png',
  status,
});

test('what came in is fetched from us, unless it could not be kept', () => {
  const mediaUrls = [
    'https://provider.example/1',
    'https://provider.example/2',
    'https://provider.example/3',
  ];
  const media = [kept('/media/1', 'stored'), kept('/media/2', 'failed'), kept('/media/3', 'waiting')];
  expect(urlsOf({ media, mediaUrls })).toEqual(['/media/1', 'https://provider.example/2', '/media/3']);
});

test('what goes out is where it was said to be', () => {
  expect(urlsOf({ media: [], mediaUrls: ['https://pictures.example/1'] })).toEqual([
    'https://pictures.example/1',
  ]);
});
