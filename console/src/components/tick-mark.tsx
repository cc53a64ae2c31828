import type { MessageStatus } from '@trunkline/contract';
import type { ReactNode } from 'react';
import { type TickShape, type TickTone, tickOf } from '../words/tick.ts';
import { cn } from './cn.ts';

const drawings: Record<TickShape, ReactNode> = {
  none: null,
  clock: (
    <>
      <circle cx="10" cy="8" r="5.6" />
      <path d="M10 5v3.2l2.1 1.3" />
    </>
  ),
  one: <path d="m5.5 8.6 3 3 6-7" />,
  two: <path d="m1.8 8.6 3 3 6-7M9.6 11.4l.2.2 6.4-7" />,
  cross: (
    <>
      <circle cx="10" cy="8" r="5.6" />
      <path d="M10 5.2v3.4M10 10.7v.1" />
    </>
  ),
  question: (
    <>
      <circle cx="10" cy="8" r="5.6" />
      <path d="M8.5 6.7c0-2 3-2 3 0 0 1.2-1.5 1.2-1.5 2.2M10 10.9v.1" />
    </>
  ),
  slash: (
    <>
      <circle cx="10" cy="8" r="5.6" />
      <path d="m6.3 11.7 7.4-7.4" />
    </>
  ),
};

const tones: Record<TickTone, string> = {
  quiet: 'text-muted',
  seen: 'text-seen',
  bad: 'text-bad',
  warn: 'text-warn',
};

/** The state of a message as a small sign, named for whoever doesn’t see it. Nothing for one that came in. */
export const TickMark = ({ status, className }: { status: MessageStatus; className?: string }) => {
  const tick = tickOf(status);
  if (tick.shape === 'none') return null;
  return (
    <span
      role="img"
      aria-label={tick.label}
      title={`${tick.label}. ${tick.meaning}`}
      data-status={status}
      className={cn('inline-flex shrink-0 align-[-0.2em]', tones[tick.tone], className)}
    >
      <svg
        aria-hidden="true"
        viewBox="0 0 18 16"
        className="h-4 w-[18px] fill-none stroke-[1.7] stroke-current"
        strokeLinecap="round"
        strokeLinejoin="round"
      >
        {drawings[tick.shape]}
      </svg>
    </span>
  );
};
