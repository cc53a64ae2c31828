import type { Message } from '@trunkline/contract';

export type Attachment = {
  url: string;
  /** Whether it may be shown as a picture, where it comes from us. */
  isPicture: boolean;
};

/** An address of ours without the host: this page may have been opened at another name of the server. */
const ownPath = (address: string): string => {
  const { pathname, search } = new URL(address, 'http://this.server');
  return pathname + search;
};

/**
 * What is attached to a message: what came in and could be kept, at our own address; else the address it came with, which mostly
 * wants the provider’s credentials. What is still being fetched is no picture yet.
 */
export const attachmentsOf = ({ media, mediaUrls }: Pick<Message, 'media' | 'mediaUrls'>): Attachment[] =>
  media.length === 0
    ? mediaUrls.map((url) => ({ url, isPicture: true }))
    : media.map(({ url, contentType, status }, index) => ({
        url: status === 'failed' ? (mediaUrls[index] ?? ownPath(url)) : ownPath(url),
        isPicture: status === 'stored' && contentType.startsWith('image/'),
      }));
