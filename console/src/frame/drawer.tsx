import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { AccountMenu } from './account-menu.tsx';
import { Mark } from './mark.tsx';
import { Nav } from './nav.tsx';

/** The rooms on a narrow screen, over the room. */
export const Drawer = ({ close }: { close: () => void }) => {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    shown?.show();
    shown?.querySelector<HTMLElement>('[aria-current=page]')?.focus();
  }, []);
  return (
    <div className="fixed inset-0 z-40 md:hidden">
      <button
        type="button"
        tabIndex={-1}
        aria-hidden="true"
        className="absolute inset-0 w-full bg-black/50"
        onClick={close}
      />
      <dialog
        ref={dialog}
        aria-label="Rooms"
        onKeyDown={(event) => {
          if (event.key === 'Escape') close();
        }}
        className="drawer on-rail absolute inset-y-0 left-0 m-0 flex h-full max-h-none w-72 max-w-[85vw] flex-col bg-rail p-3 text-rail-ink"
      >
        <div className="flex items-center gap-2.5 px-1.5 pb-4">
          <Mark className="h-4" />
          <span className="flex-1 font-semibold tracking-tight">Trunkline</span>
          <button
            type="button"
            aria-label="Close the rooms"
            className="grid size-10 place-items-center rounded-lg hover:bg-rail-lit"
            onClick={close}
          >
            <X className="size-5" aria-hidden="true" />
          </button>
        </div>
        <Nav onGo={close} />
        <div className="mt-auto pt-4">
          <AccountMenu />
        </div>
      </dialog>
    </div>
  );
};
