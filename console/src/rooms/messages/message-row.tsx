import { Link } from '@tanstack/react-router';
import type { Message } from '@trunkline/contract';
import { ArrowDownLeft, ArrowUpRight } from 'lucide-react';
import { cn } from '../../components/cn.ts';
import { PhoneNumber } from '../../components/phone-number.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { fullTime, shortTime } from '../../words/time.ts';
import { whyOf } from './why-of.ts';

const Direction = ({ inbound }: { inbound: boolean }) => {
  const Icon = inbound ? ArrowDownLeft : ArrowUpRight;
  return (
    <span role="img" aria-label={inbound ? 'Incoming' : 'Outgoing'} className="inline-flex">
      <Icon className={cn('size-4', inbound ? 'text-petrol' : 'text-muted')} aria-hidden="true" />
    </span>
  );
};

/** One message of the table: its words and, when it waits or failed, why. The whole row opens its record. */
export const MessageRow = ({ message, now }: { message: Message; now: Date }) => {
  const why = whyOf(message);
  return (
    <tr className="relative border-t align-top hover:bg-petrol-wash/50 max-md:grid max-md:grid-cols-[auto_minmax(0,1fr)_auto] max-md:gap-x-2 max-md:gap-y-1 max-md:px-4 max-md:py-3 md:[&>td]:px-3 md:[&>td]:py-2.5">
      <td className="max-md:pt-0.5 md:w-8">
        <Direction inbound={message.direction === 'inbound'} />
      </td>
      <td className="md:w-0 whitespace-nowrap text-[13px] leading-relaxed max-md:w-auto max-md:leading-snug">
        <PhoneNumber value={message.from} className="block" />
        <span className="text-muted">
          <span aria-hidden="true">→ </span>
          <PhoneNumber value={message.to} />
        </span>
      </td>
      <td className="min-w-0 max-md:order-1 max-md:col-span-3">
        <Link
          to="."
          search={(search) => ({ ...search, message: message.id }) as never}
          resetScroll={false}
          className="line-clamp-2 break-words after:absolute after:inset-0 max-md:line-clamp-3"
        >
          {message.body || (message.mediaUrls.length > 0 ? 'A picture' : 'Empty message')}
        </Link>
        {why && (
          <p className={cn('mt-1 text-[13px] leading-snug', why.tone === 'bad' ? 'text-bad' : 'text-warn')}>
            {why.sentence}
          </p>
        )}
      </td>
      <td className="md:w-0 whitespace-nowrap max-md:order-2 max-md:col-span-2">
        <StatusBadge status={message.status} />
      </td>
      <td className="md:w-0 whitespace-nowrap text-right text-muted text-sm max-md:hidden">
        {message.segments}
      </td>
      <td className="md:w-0 whitespace-nowrap text-right text-muted text-sm max-md:order-0">
        <time dateTime={message.createdAt} title={fullTime(message.createdAt)}>
          {shortTime(message.createdAt, now)}
        </time>
      </td>
    </tr>
  );
};
