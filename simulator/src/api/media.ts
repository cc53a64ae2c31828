import { rfc2822 } from '../dates.ts';
import { openMediaUrl } from '../media-url.ts';
import type { Media, Message } from '../message.ts';
import { noContent, notFound, ok, type Reply } from './reply.ts';
import type { ApiRequest } from './request.ts';

/** GET Messages/{sid}/Media. */
export function listMedia({ path }: ApiRequest, message: Message): Reply {
  const uri = `${path}?PageSize=50&Page=0`;
  return ok({
    media_list: message.media.map(mediaJson),
    page: 0,
    page_size: 50,
    start: 0,
    end: Math.max(message.media.length - 1, 0),
    uri,
    first_page_uri: uri,
    next_page_uri: null,
    previous_page_uri: null,
  });
}

/** GET and DELETE Messages/{sid}/Media/{sid}; without `.json` a GET redirects to where the bytes are. */
export function oneMedia({ world, method, json, path }: ApiRequest, message: Message, sid: string): Reply {
  const media = message.media.find((one) => one.sid === sid);
  if (!media) return notFound(path);
  if (method === 'DELETE') {
    world.messages.removeMedia(media);
    return noContent;
  }
  if (json) return ok(mediaJson(media));
  return { status: 307, headers: { location: media.url ?? openMediaUrl(world, media) } };
}

function mediaJson(media: Media): Record<string, unknown> {
  return {
    sid: media.sid,
    account_sid: media.accountSid,
    parent_sid: media.messageSid,
    content_type: media.contentType,
    date_created: rfc2822(media.createdAt),
    date_updated: rfc2822(media.createdAt),
    uri: `/2010-04-01/Accounts/${media.accountSid}/Messages/${media.messageSid}/Media/${media.sid}.json`,
  };
}
