import { Paperclip } from 'lucide-react';
import { useState } from 'react';

/**
 * Only what this server or this page itself holds is shown as a picture: a provider’s own address wants credentials,
 * and no page of ours fetches from another host.
 */
const isOurs = (url: string): boolean =>
  url.startsWith('data:image/') || new URL(url, window.location.href).origin === window.location.origin;

const Media = ({ url, place, linked }: { url: string; place: string; linked: boolean }) => {
  const [isPicture, setIsPicture] = useState(() => isOurs(url));
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
  urls: string[];
  /** Whether what can’t be shown is a link; not where the list stands inside one. */
  linked?: boolean;
};

/** What came with a message: pictures as pictures, anything else by name. */
export const MediaList = ({ urls, linked = false }: MediaListProps) =>
  urls.length === 0 ? null : (
    <div className="stack justify-items-start gap-1.5">
      {urls.map((url, index) => (
        <Media
          key={url}
          url={url}
          linked={linked}
          place={urls.length === 1 ? 'Attachment' : `Attachment ${index + 1} of ${urls.length}`}
        />
      ))}
    </div>
  );
