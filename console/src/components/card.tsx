import type { ComponentProps } from 'react';
import { cn } from './cn.ts';

/** A quiet surface that holds one thing. */
export const Card = ({ className, ...rest }: ComponentProps<'section'>) => (
  <section className={cn('rounded-xl border border-line bg-card p-5', className)} {...rest} />
);
