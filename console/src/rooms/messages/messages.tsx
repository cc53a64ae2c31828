import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Rows3 } from 'lucide-react';
import { messagesQuery } from '../../api/queries.ts';
import { Empty } from '../../components/empty.tsx';
import { More } from '../../components/more.tsx';
import { Failed } from '../../components/notice.tsx';
import { Room } from '../../components/room.tsx';
import { Waiting } from '../../components/waiting.tsx';
import { tickOf } from '../../words/tick.ts';
import { MessageRow } from './message-row.tsx';
import { StatusFilter } from './status-filter.tsx';

const headings = ['Direction', 'From and to', 'Message', 'Status', 'Segments', 'Time'];

/** Every message of the organization, newest first. */
export const Messages = () => {
  const { status } = useSearch({ from: '/frame/messages' });
  const navigate = useNavigate();
  const list = useInfiniteQuery(messagesQuery(status));
  const rows = list.data?.pages.flatMap((page) => page.data);
  const now = new Date();
  return (
    <Room
      title="Messages"
      lead="Every text in and out, newest first. Open one to see what happened to it, step by step."
      actions={
        <StatusFilter
          value={status}
          choose={(chosen) => void navigate({ to: '/messages', search: chosen ? { status: chosen } : {} })}
        />
      }
    >
      <div className="overflow-hidden rounded-xl border border-line bg-card">
        {rows === undefined ? (
          list.isError ? (
            <Failed error={list.error} retry={() => void list.refetch()} />
          ) : (
            <Waiting rows={8} />
          )
        ) : rows.length === 0 ? (
          <Empty
            icon={Rows3}
            title={status ? `No message is ${tickOf(status).label.toLowerCase()}` : 'No message yet'}
          >
            {status
              ? 'Choose another status to see the rest.'
              : 'The first text to one of your numbers, or the first you send, appears here by itself.'}
          </Empty>
        ) : (
          <table className="w-full text-sm max-md:block">
            <thead className="text-left text-muted text-xs max-md:sr-only">
              <tr>
                {headings.map((heading, index) => (
                  <th
                    key={heading}
                    scope="col"
                    className="whitespace-nowrap px-3 py-2.5 font-medium last:text-right"
                  >
                    {index === 0 ? <span className="sr-only">{heading}</span> : heading}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="max-md:block">
              {rows.map((message) => (
                <MessageRow key={message.id} message={message} now={now} />
              ))}
            </tbody>
          </table>
        )}
      </div>
      <More shown={list.hasNextPage} busy={list.isFetchingNextPage} fetch={() => void list.fetchNextPage()} />
    </Room>
  );
};
