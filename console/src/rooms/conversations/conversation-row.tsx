import { Link } from '@tanstack/react-router';
import type { Conversation } from '@trunkline/contract';
import { useAnswering } from '../../api/live.ts';
import { PhoneNumber } from '../../components/phone-number.tsx';
import { TickMark } from '../../components/tick-mark.tsx';
import { fullTime, shortTime } from '../../words/time.ts';

const Preview = ({ last }: { last: Conversation['lastMessage'] }) => {
  if (last === null) return <span>No message yet</span>;
  return (
    <>
      <TickMark status={last.status} />
      <span className="truncate">{last.body || 'A picture'}</span>
    </>
  );
};

/** A conversation in the list: who, the last words and how far they came, when, and on which of our numbers. */
export const ConversationRow = ({ conversation, now }: { conversation: Conversation; now: Date }) => {
  const { contact, number, lastMessage, lastMessageAt } = conversation;
  const answering = useAnswering(conversation.id);
  return (
    <li>
      <Link
        to="/conversations/$conversationId"
        params={{ conversationId: conversation.id }}
        className="relative grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-0.5 border-b px-4 py-3 transition-colors hover:bg-petrol-wash/60 focus-visible:outline-offset-[-2px] aria-[current=page]:bg-petrol-wash aria-[current=page]:before:absolute aria-[current=page]:before:inset-y-0 aria-[current=page]:before:left-0 aria-[current=page]:before:w-[3px] aria-[current=page]:before:bg-petrol"
      >
        <span className="truncate font-medium">
          {contact.name ?? <PhoneNumber value={contact.phoneNumber} />}
        </span>
        <time dateTime={lastMessageAt} title={fullTime(lastMessageAt)} className="pt-0.5 text-muted text-xs">
          {shortTime(lastMessageAt, now)}
        </time>
        <span className="col-span-2 flex min-w-0 items-center gap-1.5 text-muted text-sm">
          {answering ? <span className="text-petrol">Answering…</span> : <Preview last={lastMessage} />}
        </span>
        <span className="col-span-2 text-muted text-xs">
          {contact.name !== null && (
            <>
              <PhoneNumber value={contact.phoneNumber} />
              {' · '}
            </>
          )}
          on <PhoneNumber value={number.phoneNumber} />
        </span>
      </Link>
    </li>
  );
};
