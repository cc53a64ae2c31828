import { Link } from '@tanstack/react-router';
import type { DeviceQueueEntry } from '@trunkline/contract/device';
import type { ReactNode } from 'react';
import { Badge } from '../../components/badge.tsx';
import { PhoneNumber } from '../../components/phone-number.tsx';
import { useNow } from '../../components/use-now.ts';
import { fullTime, shortTime } from '../../words/time.ts';
import { stateOf } from './state-of.ts';

const bodyClasses = 'line-clamp-3 break-words text-sm leading-relaxed';

/** One text in a device’s queue: from whom, its words, how it stands and why. A text from a phone leads to its record. */
export const TextRow = ({ text, children }: { text: DeviceQueueEntry; children?: ReactNode }) => {
  const now = useNow(60_000);
  const { tone, words, why } = stateOf(text);
  const at = text.takenAt ?? text.createdAt;
  const body = text.body || 'Without words';
  return (
    <li className="stack gap-1.5 border-t px-5 py-3.5 first:border-t-0">
      <div className="flex items-center justify-between gap-3 text-[13px]">
        <PhoneNumber value={text.from} className="truncate font-medium" />
        <time dateTime={at} title={fullTime(at)} className="shrink-0 text-muted">
          {shortTime(at, now)}
        </time>
      </div>
      {text.messageId === null ? (
        <p className={bodyClasses}>{body}</p>
      ) : (
        <Link
          to="."
          search={(search) => ({ ...search, message: text.messageId }) as never}
          resetScroll={false}
          className={`${bodyClasses} hover:underline`}
        >
          {body}
        </Link>
      )}
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="flex min-w-0 flex-wrap items-center gap-x-2.5 gap-y-1">
          <Badge tone={tone}>{words}</Badge>
          {why !== null && <span className="min-w-0 break-words text-[13px] text-muted">{why}</span>}
        </div>
        {children}
      </div>
    </li>
  );
};
