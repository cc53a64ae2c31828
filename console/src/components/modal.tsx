import { X } from 'lucide-react';
import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { Button } from './button.tsx';
import { cn } from './cn.ts';

type ModalProps = {
  title: string;
  /** `sheet` slides in at the right and fills the height; `box` stands in the middle. */
  shape: 'sheet' | 'box';
  close: () => void;
  children: ReactNode;
};

/**
 * Something in front of the room, on the browser’s own dialog: focus stays inside, Escape and a click beside it close it,
 * and focus goes back to where it came from. It injects no styles, which a strict content policy would refuse.
 */
export const Modal = ({ title, shape, close, children }: ModalProps) => {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // Closed before it leaves the page: only then does the browser give the focus back to where it was.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the dialog has its key, Escape, from the browser.
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) close();
      }}
      className={cn(
        'border-line bg-card p-0 shadow-2xl',
        shape === 'sheet' ? 'sheet border-l' : 'm-auto w-[min(30rem,calc(100vw-2rem))] rounded-xl border',
      )}
    >
      <div className={cn('flex flex-col', shape === 'sheet' && 'h-full')}>
        <header className="flex items-center justify-between gap-3 border-b px-5 py-3">
          <h2 id={titleId} className="font-semibold text-base">
            {title}
          </h2>
          <Button look="quiet" size="icon" aria-label="Close" onClick={close}>
            <X aria-hidden="true" />
          </Button>
        </header>
        <div className={cn('min-h-0 p-5', shape === 'sheet' && 'flex-1 overflow-y-auto')}>{children}</div>
      </div>
    </dialog>
  );
};
