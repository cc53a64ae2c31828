import { useQueryClient } from '@tanstack/react-query';
import { Outlet, useNavigate, useSearch } from '@tanstack/react-router';
import { Menu as MenuIcon } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { followEvents } from '../api/live.ts';
import { Waiting } from '../components/waiting.tsx';
import { AccountMenu } from './account-menu.tsx';
import { Drawer } from './drawer.tsx';
import { LiveMark } from './live-mark.tsx';
import { Mark } from './mark.tsx';
import { Nav } from './nav.tsx';
import { useSession } from './use-session.ts';

const RecordSheet = lazy(() =>
  import('../rooms/record/record-sheet.tsx').then((room) => ({ default: room.RecordSheet })),
);

/** What stands around every room: the line of rooms, the live mark, and a message's record when one is open. */
export const Frame = () => {
  const queries = useQueryClient();
  const session = useSession();
  const navigate = useNavigate();
  const { message } = useSearch({ from: '/frame' });
  const [drawerOpen, setDrawerOpen] = useState(false);

  useEffect(() => followEvents(queries), [queries]);

  return (
    <div className="flex h-full flex-col md:flex-row">
      <a
        href="#room"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded-md focus:bg-card focus:p-3"
      >
        Skip to the room
      </a>
      <header className="on-rail flex items-center gap-3 bg-rail px-3 py-2 text-rail-ink md:hidden">
        <button
          type="button"
          aria-label="Open the rooms"
          aria-expanded={drawerOpen}
          className="grid size-10 place-items-center rounded-lg hover:bg-rail-lit"
          onClick={() => setDrawerOpen(true)}
        >
          <MenuIcon className="size-5" aria-hidden="true" />
        </button>
        <Mark className="h-4" />
        <span className="flex-1 font-semibold tracking-tight">Trunkline</span>
        <LiveMark />
      </header>
      {drawerOpen && <Drawer close={() => setDrawerOpen(false)} />}
      <aside className="on-rail hidden w-58 shrink-0 flex-col bg-rail p-3 text-rail-ink md:flex">
        <div className="flex items-center gap-2.5 px-1.5 pt-1.5 pb-5">
          <Mark className="h-4" />
          <span className="font-semibold text-[17px] tracking-tight">Trunkline</span>
          {session.simulatorUrl !== null && (
            <span className="ml-auto rounded-full border border-amber/60 px-2 text-amber text-xs">Demo</span>
          )}
        </div>
        <Nav />
        <div className="mt-auto stack gap-2 pt-4">
          <div className="px-2">
            <LiveMark />
          </div>
          <AccountMenu />
        </div>
      </aside>
      <main id="room" tabIndex={-1} className="min-h-0 min-w-0 flex-1 outline-none">
        <Suspense fallback={<Waiting />}>
          <Outlet />
        </Suspense>
      </main>
      {message !== undefined && (
        <Suspense>
          <RecordSheet
            messageId={message}
            close={() =>
              void navigate({
                to: '.',
                search: (search) => ({ ...search, message: undefined }) as never,
                replace: true,
                resetScroll: false,
              })
            }
          />
        </Suspense>
      )}
    </div>
  );
};
