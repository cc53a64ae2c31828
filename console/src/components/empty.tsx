import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

type EmptyProps = { icon: LucideIcon; title: string; children?: ReactNode };

/** Nothing here yet: what will be here, and how it comes about. */
export const Empty = ({ icon: Icon, title, children }: EmptyProps) => (
  <div className="mx-auto stack max-w-sm justify-items-center gap-2 px-6 py-14 text-center">
    <span className="mb-1 grid size-11 place-items-center rounded-full bg-petrol-wash text-petrol">
      <Icon className="size-5" aria-hidden="true" />
    </span>
    <p className="font-semibold">{title}</p>
    {children && <div className="text-muted text-sm leading-relaxed">{children}</div>}
  </div>
);
