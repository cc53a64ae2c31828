import type { ReactNode } from 'react';
import { useTitle } from './use-title.ts';

type RoomProps = { title: string; lead?: ReactNode; actions?: ReactNode; children: ReactNode };

/** The page of a room that scrolls as one: title, a sentence, what can be done, and the content. */
export const Room = ({ title, lead, actions, children }: RoomProps) => {
  useTitle(title);
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto max-w-6xl px-4 py-6 md:px-8 md:py-9">
        <header className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
          <div className="min-w-0">
            <h1 className="font-semibold text-2xl tracking-tight">{title}</h1>
            {lead && <p className="mt-1 max-w-prose text-muted leading-relaxed">{lead}</p>}
          </div>
          {actions}
        </header>
        {children}
      </div>
    </div>
  );
};
