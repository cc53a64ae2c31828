import type { ReactNode } from 'react';
import { useTitle } from '../components/use-title.ts';
import { Mark } from './mark.tsx';

type DoorProps = { title: string; lead: ReactNode; children: ReactNode };

/** The page before one is inside: sign-in, the first run, an invitation. */
export const Door = ({ title, lead, children }: DoorProps) => {
  useTitle(title);
  return (
    <div className="flex min-h-full flex-col bg-paper md:flex-row">
      <div className="flex items-center gap-3 bg-rail px-6 py-4 text-rail-ink md:w-[38%] md:max-w-md md:flex-col md:items-start md:justify-between md:p-10">
        <div className="flex items-center gap-3">
          <Mark className="h-5" />
          <span className="font-semibold text-xl tracking-tight">Trunkline</span>
        </div>
        <p className="max-w-xs text-balance text-2xl text-rail-muted leading-snug tracking-tight max-md:hidden">
          One text in has exactly <span className="text-rail-ink">one effect</span>. One text out{' '}
          <span className="text-rail-ink">leaves once</span>, or says why not.
        </p>
        <span
          aria-hidden="true"
          className="hidden h-0.5 w-full items-center justify-between bg-rail-line md:flex"
        >
          <span className="size-3 rounded-full border-2 border-rail-line bg-rail" />
          <span className="size-3 rounded-full border-2 border-rail-line bg-rail" />
          <span className="size-3 rounded-full border-2 border-rail-line bg-rail" />
          <span className="size-3.5 rounded-full bg-amber" />
        </span>
      </div>
      <main className="grid flex-1 place-items-center px-6 py-10">
        <div className="stack w-full max-w-sm gap-6">
          <header className="stack gap-1.5">
            <h1 className="font-semibold text-2xl tracking-tight">{title}</h1>
            <p className="text-muted leading-relaxed">{lead}</p>
          </header>
          {children}
        </div>
      </main>
    </div>
  );
};
