import type { Attachment } from '../../words/attachments-of.ts';

/**
 * Pictures sent from this page, by the sid of their text: the network gives the phone an address that wants the
 * provider’s credentials, but whoever attached the picture should see it on the handset.
 */
const pictures = new Map<string, string[]>();

export const rememberPictures = (sid: string, media: { contentType: string; base64: string }[]): void => {
  if (media.length === 0) return;
  pictures.set(
    sid,
    media.map(({ contentType, base64 }) => `data:${contentType};base64,${base64}`),
  );
};

/** The pictures of a text as this page can show them, else the addresses it came with. */
export const picturesOf = (sid: string, mediaUrls: string[]): Attachment[] =>
  (pictures.get(sid) ?? mediaUrls).map((url) => ({ url, isPicture: true }));
