import { useParams } from '@tanstack/react-router';
import { Composer } from './composer.tsx';
import { ThreadHead } from './thread-head.tsx';
import { ThreadList } from './thread-list.tsx';

/** One conversation: with whom, what was said, and the place to answer. */
export const ThreadRoom = () => {
  const { conversationId } = useParams({ from: '/frame/conversations/$conversationId' });
  return (
    <section key={conversationId} aria-label="Conversation" className="flex h-full flex-col">
      <ThreadHead conversationId={conversationId} />
      <ThreadList conversationId={conversationId} />
      <Composer conversationId={conversationId} />
    </section>
  );
};
