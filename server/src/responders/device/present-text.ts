import type { DeviceText } from '@trunkline/contract/device';
import type { LeasedText } from '../../store/device-texts/text.ts';

/** A text as a device gets it; `mediaUrl` says where one of our media is fetched. */
export const presentText = (text: LeasedText, mediaUrl: (id: string) => string): DeviceText => ({
  id: text.id,
  messageId: text.messageId,
  conversationId: text.conversationId,
  from: text.from,
  to: text.to,
  body: text.body,
  media: [
    ...(text.media ?? []).map(({ id, contentType }) => ({
      url: mediaUrl(id),
      contentType: contentType ?? 'application/octet-stream',
    })),
    ...(text.mediaUrls ?? []).map((url) => ({ url, contentType: 'application/octet-stream' })),
  ],
  attempt: text.attempt,
  receivedAt: text.createdAt.toISOString(),
  leaseUntil: text.leaseUntil.toISOString(),
});
