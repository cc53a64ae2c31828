import { CircleAlert, Info } from 'lucide-react';
import type { ReactNode } from 'react';
import { ProblemError } from '../api/request.ts';
import { Button } from './button.tsx';
import { cn } from './cn.ts';

/** What went wrong, as a sentence. */
export const sentenceOf = (error: unknown): string => {
  if (error instanceof ProblemError) {
    const fields = error.fields.map((one) => `${one.path}: ${one.message}`).join(' ');
    return fields === '' ? error.message : `${error.message} ${fields}`;
  }
  return error instanceof Error ? error.message : 'Something went wrong, and nothing said what.';
};

type Tone = 'bad' | 'warn' | 'quiet' | 'good';

const tones: Record<Tone, string> = {
  bad: 'border-bad/30 bg-bad-wash text-bad',
  warn: 'border-warn/30 bg-warn-wash text-warn',
  good: 'border-good/30 bg-good-wash text-good',
  quiet: 'border-line bg-sunken text-muted',
};

/** A sentence that must be seen. */
export const Notice = ({ tone = 'quiet', children }: { tone?: Tone; children: ReactNode }) => {
  const Icon = tone === 'quiet' || tone === 'good' ? Info : CircleAlert;
  return (
    <div
      role={tone === 'bad' ? 'alert' : 'status'}
      className={cn(
        'flex items-start gap-2.5 rounded-lg border px-3 py-2.5 text-sm leading-snug',
        tones[tone],
      )}
    >
      <Icon className="mt-px size-4 shrink-0" aria-hidden="true" />
      <div className="min-w-0 break-words">{children}</div>
    </div>
  );
};

/** A room or part of one that could not be fetched: why, and the way to try again. */
export const Failed = ({ error, retry }: { error: unknown; retry: () => void }) => (
  <div className="stack justify-items-start gap-3 p-4">
    <Notice tone="bad">{sentenceOf(error)}</Notice>
    <Button onClick={retry}>Try again</Button>
  </div>
);
