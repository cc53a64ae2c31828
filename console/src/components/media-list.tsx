import { Paperclip } from 'lucide-react';
import { useState } from 'react';

const Media = ({ url, place }: { url: string; place: string }) => {
  const [isPicture, setIsPicture] = useState(true);
  if (!isPicture) {
    return (
      <span className="inline-flex items-center gap-1.5 rounded-md bg-paper/60 px-2 py-1 text-sm">
        <Paperclip className="size-4" aria-hidden="true" />
        {place}
      </span>
    );
  }
  return (
    <img
      src={url}
      alt={place}
      referrerPolicy="no-referrer"
      className="max-h-64 max-w-full rounded-lg object-cover"
      onError={() => setIsPicture(false)}
    />
  );
};

/** What came with a message: pictures as pictures, anything else by name. */
export const MediaList = ({ urls }: { urls: string[] }) =>
  urls.length === 0 ? null : (
    <div className="grid justify-items-start gap-1.5">
      {urls.map((url, index) => (
        <Media key={url} url={url} place={`Attachment ${index + 1} of ${urls.length}`} />
      ))}
    </div>
  );
