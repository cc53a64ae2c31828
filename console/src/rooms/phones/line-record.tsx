import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Message } from '@trunkline/contract';
import { Route } from 'lucide-react';
import { useState } from 'react';
import { messageQuery, pairQuery } from '../../api/queries.ts';
import { Card } from '../../components/card.tsx';
import { cn } from '../../components/cn.ts';
import { Empty } from '../../components/empty.tsx';
import { Failed } from '../../components/notice.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { Waiting } from '../../components/waiting.tsx';
import { clockTime } from '../../words/time.ts';
import { Why } from '../messages/why.tsx';
import { Steps } from '../record/steps.tsx';

const shown = 4;

const Choice = ({ message, chosen, choose }: { message: Message; chosen: boolean; choose: () => void }) => (
  <li>
    <button
      type="button"
      aria-pressed={chosen}
      onClick={choose}
      className={cn(
        'flex w-full items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-left text-sm hover:bg-sunken',
        chosen && 'bg-petrol-wash hover:bg-petrol-wash',
      )}
    >
      <span className="w-8 shrink-0 text-muted text-xs">
        {message.direction === 'inbound' ? 'In' : 'Out'}
      </span>
      <span className="min-w-0 flex-1 truncate">{message.body || 'A picture'}</span>
      <StatusBadge status={message.status} />
      <time dateTime={message.createdAt} className="text-muted text-xs">
        {clockTime(message.createdAt)}
      </time>
    </button>
  </li>
);

const ChosenSteps = ({ messageId }: { messageId: string }) => {
  const record = useQuery(messageQuery(messageId));
  if (!record.data) {
    return record.isError ? (
      <Failed error={record.error} retry={() => void record.refetch()} />
    ) : (
      <Waiting rows={4} />
    );
  }
  return (
    <>
      <Why message={record.data} />
      <Steps steps={record.data.steps} />
      <p className="flex flex-wrap gap-x-5 gap-y-1 border-t pt-4 text-sm">
        <Link
          to="."
          search={(search) => ({ ...search, message: messageId }) as never}
          resetScroll={false}
          className="font-medium text-petrol underline-offset-2 hover:underline"
        >
          Open the whole record
        </Link>
        <Link
          to="/conversations/$conversationId"
          params={{ conversationId: record.data.conversationId }}
          className="font-medium text-petrol underline-offset-2 hover:underline"
        >
          Open the conversation
        </Link>
      </p>
    </>
  );
};

/** What the server made of the latest texts between this phone and this number, live; the newest unless one is chosen. */
export const LineRecord = ({ phone, number }: { phone: string; number: string }) => {
  const [chosen, setChosen] = useState<string | null>(null);
  const pair = useQuery(pairQuery(phone, number));
  const latest = pair.data?.slice(0, shown);
  const message = latest?.find((one) => one.id === chosen) ?? latest?.[0];
  return (
    <Card aria-label="On the line" className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <h2 className="font-semibold">On the line</h2>
      {latest === undefined ? (
        pair.isError ? (
          <Failed error={pair.error} retry={() => void pair.refetch()} />
        ) : (
          <Waiting />
        )
      ) : message === undefined ? (
        <Empty icon={Route} title="Nothing on the line yet">
          Send a text from the phone. Its way through the server appears here while it happens: what was
          checked, what answered, and how far the answer came.
        </Empty>
      ) : (
        <>
          <ul aria-label="Latest messages" className="-mx-2.5 grid grid-cols-[minmax(0,1fr)] gap-0.5">
            {latest.map((one) => (
              <Choice
                key={one.id}
                message={one}
                chosen={one.id === message.id}
                choose={() => setChosen(one.id === latest[0]?.id ? null : one.id)}
              />
            ))}
          </ul>
          <ChosenSteps messageId={message.id} />
        </>
      )}
    </Card>
  );
};
