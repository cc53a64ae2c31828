import { cva, type VariantProps } from 'class-variance-authority';
import { Slot } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from './cn.ts';

const look = cva(
  'inline-flex shrink-0 items-center justify-center gap-2 whitespace-nowrap rounded-md font-medium transition-colors disabled:cursor-default disabled:opacity-50 aria-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      look: {
        main: 'bg-petrol text-on-petrol hover:bg-petrol-strong',
        plain: 'border border-edge/50 bg-card text-ink hover:bg-sunken',
        quiet: 'text-muted hover:bg-sunken hover:text-ink',
        bad: 'border border-bad/40 bg-card text-bad hover:bg-bad-wash',
      },
      size: { normal: 'h-9 px-3.5 text-sm', small: 'h-8 px-2.5 text-[13px]', icon: 'size-9' },
    },
    defaultVariants: { look: 'plain', size: 'normal' },
  },
);

type ButtonProps = ComponentProps<'button'> & VariantProps<typeof look> & { asChild?: boolean };

/** A button; with `asChild` its only child takes the looks. */
export const Button = ({ className, look: chosen, size, asChild, type = 'button', ...rest }: ButtonProps) => {
  const classes = cn(look({ look: chosen, size }), className);
  if (asChild) return <Slot.Root className={classes} {...rest} />;
  return <button type={type} className={classes} {...rest} />;
};
