import { cva, type VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';
import { cn } from './cn.ts';

const look = cva(
  'inline-flex items-center gap-1.5 whitespace-nowrap rounded-full px-2 py-0.5 font-medium text-xs',
  {
    variants: {
      tone: {
        quiet: 'bg-sunken text-muted',
        line: 'bg-petrol-wash text-petrol',
        seen: 'bg-seen-wash text-seen',
        warn: 'bg-warn-wash text-warn',
        bad: 'bg-bad-wash text-bad',
        good: 'bg-good-wash text-good',
      },
    },
    defaultVariants: { tone: 'quiet' },
  },
);

/** A word or two about the state of a thing. */
export const Badge = ({ className, tone, ...rest }: ComponentProps<'span'> & VariantProps<typeof look>) => (
  <span className={cn(look({ tone }), className)} {...rest} />
);
