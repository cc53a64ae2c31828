import { useInfiniteQuery } from '@tanstack/react-query';
import { MessageCircle } from 'lucide-react';
import { Fragment } from 'react';
import { useAnswering } from '../../api/live.ts';
import { threadQuery } from '../../api/queries.ts';
import { Empty } from '../../components/empty.tsx';
import { More } from '../../components/more.tsx';
import { Failed } from '../../components/notice.tsx';
import { useStayAtEnd } from '../../components/use-stay-at-end.ts';
import { Waiting } from '../../components/waiting.tsx';
import { dayName } from '../../words/time.ts';
import { Bubble } from './bubble.tsx';

const Answering = ({ conversationId }: { conversationId: string }) =>
  useAnswering(conversationId) ? (
    <p role="status" className="justify-self-end rounded-2xl bg-bubble-out px-4 py-2 text-muted text-sm">
      <span className="animate-pulse">Answering…</span>
    </p>
  ) : null;

/** The texts of a conversation, oldest at the top, with a line where a day begins. */
export const ThreadList = ({ conversationId }: { conversationId: string }) => {
  const thread = useInfiniteQuery(threadQuery(conversationId));
  const messages = thread.data?.pages.flatMap((page) => page.data).toReversed();
  const end = useStayAtEnd(messages?.at(-1)?.id, messages?.at(0)?.id);
  const now = new Date();
  return (
    <div ref={end} className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-3 py-4 md:px-6">
      {messages === undefined ? (
        thread.isError ? (
          <Failed error={thread.error} retry={() => void thread.refetch()} />
        ) : (
          <Waiting />
        )
      ) : messages.length === 0 ? (
        <Empty icon={MessageCircle} title="Nothing said yet">
          What you write below is the first text of this conversation.
        </Empty>
      ) : (
        <div className="mx-auto stack max-w-3xl gap-2">
          <More
            shown={thread.hasNextPage}
            busy={thread.isFetchingNextPage}
            fetch={() => void thread.fetchNextPage()}
            label="Show earlier texts"
          />
          <div role="log" aria-label="Texts" className="stack gap-2">
            {messages.map((message, index) => {
              const day = dayName(message.createdAt, now);
              const before = messages[index - 1];
              const opensDay = before === undefined || dayName(before.createdAt, now) !== day;
              return (
                <Fragment key={message.id}>
                  {opensDay && <p className="my-2 text-center text-muted text-xs">{day}</p>}
                  <Bubble message={message} />
                </Fragment>
              );
            })}
            <Answering conversationId={conversationId} />
          </div>
        </div>
      )}
    </div>
  );
};
