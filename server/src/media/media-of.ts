import type { MessageMedia } from '@trunkline/contract';
import type { Db } from '../base/db.ts';
import { mediaOfMessages } from '../store/media.ts';
import type { MediaAddresses } from './addresses.ts';

/** What came with messages, at addresses of ours that expire and need no credentials. */
export const createMediaOf = (db: Db, addresses: MediaAddresses) => {
  const ofMany = async (
    organizationId: string,
    messageIds: string[],
  ): Promise<Map<string, MessageMedia[]>> => {
    const found = new Map<string, MessageMedia[]>(messageIds.map((id) => [id, []]));
    if (messageIds.length === 0) return found;
    for (const { messageId, id, status, contentType } of await mediaOfMessages(
      db,
      organizationId,
      messageIds,
    ))
      found.get(messageId)!.push({
        url: addresses.of(id),
        contentType: contentType ?? 'application/octet-stream',
        status,
      });
    return found;
  };
  return {
    /** All media of one message, in order; also those that are still being fetched: their address waits for them. */
    of: async (organizationId: string, messageId: string): Promise<MessageMedia[]> =>
      (await ofMany(organizationId, [messageId])).get(messageId)!,
    /** The same for many messages in one look, by message id. */
    ofMany,
    /** The address of the first medium of each message that has one, by message id. */
    async firstUrls(organizationId: string, messageIds: string[]): Promise<Map<string, string>> {
      const all = [...(await ofMany(organizationId, messageIds))];
      return new Map(all.flatMap(([id, [first]]) => (first ? [[id, first.url] as const] : [])));
    },
    /** Messages as others see them: with their media. Costs nothing for those that have none. */
    async shown<M extends { id: string; direction: string; mediaUrls: string[] }>(
      organizationId: string,
      messages: M[],
    ): Promise<(M & { media: MessageMedia[] })[]> {
      const withMedia = messages.filter((one) => one.direction === 'inbound' && one.mediaUrls.length > 0);
      const media = await ofMany(
        organizationId,
        withMedia.map((one) => one.id),
      );
      return messages.map((one) => ({ ...one, media: media.get(one.id) ?? [] }));
    },
  };
};
export type MediaOf = ReturnType<typeof createMediaOf>;
