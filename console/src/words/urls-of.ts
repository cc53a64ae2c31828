import type { Message } from '@trunkline/contract';

/**
 * Where the media of a message are: what came in and could be kept, at our own address; else at the one it came with, which
 * mostly wants the provider’s credentials.
 */
export const urlsOf = ({ media, mediaUrls }: Pick<Message, 'media' | 'mediaUrls'>): string[] =>
  media.length === 0
    ? mediaUrls
    : media.map(({ url, status }, index) => (status === 'failed' ? (mediaUrls[index] ?? url) : url));
