import { Paperclip } from 'lucide-react';
import { useState } from 'react';
import type { Attachment } from '../words/attachments-of.ts';

/**
 * Only what this server or this page itself holds is shown as a picture: a provider’s own address wants credentials,
 * and no page of ours fetches from another host.
 */
const isOurs = (url: string): boolean =>
  url.startsWith('data:image/') || new URL(url, window.location.href).origin === window.location.origin;

type MediaProps = { attachment: Attachment; place: string; linked: boolean };

const Media = ({ attachment, place, linked }: MediaProps) => {
  const { url } = attachment;
  const [isPicture, setIsPicture] = useState(() => attachment.isPicture && isOurs(url));
  if (isPicture) {
    return (
      <img
        src={url}
        alt={place}
        className="max-h-64 max-w-full rounded-lg object-cover"
        onError={() => setIsPicture(false)}
      />
    );
  }
  const chip = 'inline-flex items-center gap-1.5 rounded-md bg-paper/60 px-2 py-1 text-ink text-sm';
  const words = (
    <>
      <Paperclip className="size-4" aria-hidden="true" />
      {place}
    </>
  );
  if (!linked) return <span className={chip}>{words}</span>;
  return (
    <a
      href={url}
      target="_blank"
      rel="noreferrer noopener"
      className={`${chip} underline underline-offset-2`}
    >
      {words}
    </a>
  );
};

type MediaListProps = {
  attachments: Attachment[];
  /** Whether what can’t be shown is a link; not where the list stands inside one. */
  linked?: boolean;
};

/** What came with a message: pictures as pictures, anything else by name. */
export const MediaList = ({ attachments, linked = false }: MediaListProps) =>
  attachments.length === 0 ? null : (
    <div className="stack justify-items-start gap-1.5">
      {attachments.map((attachment, index) => (
        <Media
          // It becomes a picture once it is fetched.
          key={`${attachment.url} ${attachment.isPicture}`}
          attachment={attachment}
          linked={linked}
          place={attachments.length === 1 ? 'Attachment' : `Attachment ${index + 1} of ${attachments.length}`}
        />
      ))}
    </div>
  );
