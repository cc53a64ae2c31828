import { type ComponentProps, type ReactNode, useId } from 'react';
import { cn } from './cn.ts';

export const fieldClasses =
  'w-full rounded-md border border-edge/60 bg-card px-3 text-sm text-ink placeholder:text-muted/80 focus-visible:border-petrol focus-visible:outline-offset-0 disabled:opacity-60';

type Labelled = { label: string; hint?: ReactNode; hideLabel?: boolean };

const Shell = ({ id, label, hint, hideLabel, children }: Labelled & { id: string; children: ReactNode }) => (
  <div className="stack gap-1.5">
    <label htmlFor={id} className={cn('font-medium text-sm', hideLabel && 'sr-only')}>
      {label}
    </label>
    {children}
    {hint !== undefined && (
      <p id={`${id}-hint`} className="text-[13px] text-muted">
        {hint}
      </p>
    )}
  </div>
);

/** A labelled input. */
export const Field = ({
  label,
  hint,
  hideLabel = false,
  className,
  ...rest
}: Labelled & ComponentProps<'input'>) => {
  const id = useId();
  return (
    <Shell id={id} label={label} hint={hint} hideLabel={hideLabel}>
      <input
        id={id}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        className={cn(fieldClasses, 'h-9.5', className)}
        {...rest}
      />
    </Shell>
  );
};

/** A labelled text of several lines. */
export const TextField = ({
  label,
  hint,
  hideLabel = false,
  className,
  ...rest
}: Labelled & ComponentProps<'textarea'>) => {
  const id = useId();
  return (
    <Shell id={id} label={label} hint={hint} hideLabel={hideLabel}>
      <textarea
        id={id}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        className={cn(fieldClasses, 'min-h-24 resize-y py-2 leading-relaxed', className)}
        {...rest}
      />
    </Shell>
  );
};

/** A labelled choice; the browser's own list, so that it works with every keyboard and on every phone. */
export const SelectField = ({
  label,
  hint,
  hideLabel = false,
  className,
  ...rest
}: Labelled & ComponentProps<'select'>) => {
  const id = useId();
  return (
    <Shell id={id} label={label} hint={hint} hideLabel={hideLabel}>
      <select
        id={id}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        className={cn(fieldClasses, 'h-9.5 pr-8', className)}
        {...rest}
      />
    </Shell>
  );
};
