import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, Outlet, useParams } from '@tanstack/react-router';
import { MessagesSquare } from 'lucide-react';
import { conversationsQuery } from '../../api/queries.ts';
import { cn } from '../../components/cn.ts';
import { Empty } from '../../components/empty.tsx';
import { More } from '../../components/more.tsx';
import { Failed } from '../../components/notice.tsx';
import { useTitle } from '../../components/use-title.ts';
import { Waiting } from '../../components/waiting.tsx';
import { useSession } from '../../frame/use-session.ts';
import { ConversationRow } from './conversation-row.tsx';

const NoConversation = () => {
  const session = useSession();
  return (
    <Empty icon={MessagesSquare} title="No conversation yet">
      {session.simulatorUrl === null ? (
        'A conversation begins with the first text to one of your numbers.'
      ) : (
        <>
          A conversation begins with the first text to one of your numbers.{' '}
          <Link to="/phones" className="font-medium text-petrol underline underline-offset-2">
            Text from a virtual phone
          </Link>{' '}
          to see one.
        </>
      )}
    </Empty>
  );
};

const ConversationList = () => {
  const list = useInfiniteQuery(conversationsQuery());
  const conversations = list.data?.pages.flatMap((page) => page.data);
  const now = new Date();
  if (conversations === undefined) {
    return list.isError ? (
      <Failed error={list.error} retry={() => void list.refetch()} />
    ) : (
      <Waiting rows={7} />
    );
  }
  if (conversations.length === 0) return <NoConversation />;
  return (
    <>
      <ul aria-label="Conversations">
        {conversations.map((conversation) => (
          <ConversationRow key={conversation.id} conversation={conversation} now={now} />
        ))}
      </ul>
      <More shown={list.hasNextPage} busy={list.isFetchingNextPage} fetch={() => void list.fetchNextPage()} />
    </>
  );
};

/** The live list at the left, the chosen thread at the right; on a narrow screen one at a time. */
export const Conversations = () => {
  useTitle('Conversations');
  const { conversationId } = useParams({ strict: false });
  const chosen = conversationId !== undefined;
  return (
    <div className="flex h-full">
      <section
        aria-label="All conversations"
        className={cn(
          'h-full w-full shrink-0 overflow-y-auto bg-card md:w-80 md:border-r lg:w-92',
          chosen && 'max-md:hidden',
        )}
      >
        <h1 className="sticky top-0 z-10 flex h-15 items-center border-b bg-card px-4 font-semibold text-lg tracking-tight">
          Conversations
        </h1>
        <ConversationList />
      </section>
      <div className={cn('min-w-0 flex-1', !chosen && 'max-md:hidden')}>
        <Outlet />
      </div>
    </div>
  );
};
