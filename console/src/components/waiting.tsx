import { cn } from './cn.ts';

/** Grey rows in the place of what is being fetched. */
export const Waiting = ({ rows = 5, className }: { rows?: number; className?: string }) => (
  <div role="status" aria-label="Loading" className={cn('stack gap-3 p-4', className)}>
    {Array.from({ length: rows }, (_, row) => row).map((row) => (
      <div key={row} className="stack animate-pulse gap-2">
        <div className="h-3.5 w-2/5 rounded bg-line" />
        <div className="h-3 w-4/5 rounded bg-line/70" />
      </div>
    ))}
  </div>
);
