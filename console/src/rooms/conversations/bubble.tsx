import { Link } from '@tanstack/react-router';
import type { Message } from '@trunkline/contract';
import { cn } from '../../components/cn.ts';
import { MediaList } from '../../components/media-list.tsx';
import { TickMark } from '../../components/tick-mark.tsx';
import { attachmentsOf } from '../../words/attachments-of.ts';
import { clockTime, fullTime } from '../../words/time.ts';
import { CancelButton } from '../messages/cancel-button.tsx';
import { whyOf } from '../messages/why-of.ts';

const authors: Record<Message['author'], string | null> = {
  contact: null,
  api: 'API',
  assistant: 'Assistant',
  person: 'Person',
  device: 'Device',
};

/** One text. The bubble opens the message’s record; below it stands why it waits or failed. */
export const Bubble = ({ message }: { message: Message }) => {
  const out = message.direction === 'outbound';
  const why = whyOf(message);
  return (
    <article
      aria-label={out ? 'Outgoing text' : 'Incoming text'}
      className={cn(
        'bubble-new stack max-w-[min(34rem,85%)] gap-1',
        out ? 'justify-self-end' : 'justify-self-start',
      )}
    >
      <Link
        to="."
        search={(search) => ({ ...search, message: message.id }) as never}
        resetScroll={false}
        draggable={false}
        title="See what happened to this message"
        className={cn(
          'stack select-text gap-1.5 rounded-2xl border px-3.5 py-2 transition-shadow hover:shadow-md focus-visible:rounded-2xl',
          out
            ? 'justify-self-end rounded-br-md border-transparent bg-bubble-out'
            : 'justify-self-start rounded-bl-md border-line bg-bubble-in',
          why?.tone === 'bad' && 'border-bad/50',
        )}
      >
        <MediaList attachments={attachmentsOf(message)} />
        {message.body !== '' && (
          <span className="whitespace-pre-wrap break-words leading-normal">{message.body}</span>
        )}
        <span className="flex items-center justify-end gap-1.5 text-muted text-xs">
          {authors[message.author]}
          <time dateTime={message.createdAt} title={fullTime(message.createdAt)}>
            {clockTime(message.createdAt)}
          </time>
          <TickMark status={message.status} />
        </span>
      </Link>
      {why && (
        <p
          className={cn(
            'px-1 text-right text-[13px] leading-snug',
            why.tone === 'bad' ? 'text-bad' : 'text-warn',
          )}
        >
          {why.sentence}
        </p>
      )}
      {message.status === 'held' && (
        <div className="justify-self-end">
          <CancelButton message={message} />
        </div>
      )}
    </article>
  );
};
