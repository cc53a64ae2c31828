import type { Step } from '@trunkline/contract';
import { cn } from '../../components/cn.ts';
import { exactTime, fullTime, timeBetween } from '../../words/time.ts';
import { toneOfStep } from './tone-of-step.ts';

const dots = {
  line: 'border-petrol bg-card',
  good: 'border-good bg-good',
  warn: 'border-warn bg-warn',
  bad: 'border-bad bg-bad',
} as const;

const Detail = ({ detail }: { detail: Step['detail'] }) => {
  const rows = Object.keys(detail).length;
  if (rows === 0) return null;
  return (
    <details className="mt-1.5">
      <summary className="w-fit rounded text-[13px] text-muted hover:text-ink">Details</summary>
      <pre className="mt-1.5 overflow-x-auto whitespace-pre-wrap break-words rounded-lg bg-sunken px-3 py-2.5 font-mono text-xs leading-relaxed">
        {JSON.stringify(detail, null, 2)}
      </pre>
    </details>
  );
};

/** A message’s record as stations of a line, oldest first: when, what, and the details with the raw codes. */
export const Steps = ({ steps }: { steps: Step[] }) => (
  <ol aria-label="What happened to this message" className="relative">
    {steps.map((step, index) => {
      const before = steps[index - 1];
      return (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: steps are only ever appended.
          key={index}
          className="relative stack gap-0.5 pb-5 pl-7 last:pb-0"
        >
          {index < steps.length - 1 && (
            <span
              aria-hidden="true"
              className="absolute top-3 bottom-[-0.4rem] left-[6px] w-0.5 bg-petrol/35"
            />
          )}
          <span
            aria-hidden="true"
            className={cn('absolute top-1 left-0 size-3.5 rounded-full border-[3px]', dots[toneOfStep(step)])}
          />
          <p className="font-medium text-sm leading-snug">{step.summary}</p>
          <p className="flex flex-wrap gap-x-2 text-muted text-xs">
            <time dateTime={step.at} title={fullTime(step.at)}>
              {exactTime(step.at)}
            </time>
            {before && <span>+{timeBetween(before.at, step.at)}</span>}
            <code className="font-mono">{step.type}</code>
          </p>
          <Detail detail={step.detail} />
        </li>
      );
    })}
  </ol>
);
