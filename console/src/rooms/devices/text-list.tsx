import type { Page } from '@trunkline/contract';
import type { DeviceQueueEntry } from '@trunkline/contract/device';
import { type ReactNode, useId } from 'react';
import { Card } from '../../components/card.tsx';
import { More } from '../../components/more.tsx';
import { Failed } from '../../components/notice.tsx';
import { Waiting } from '../../components/waiting.tsx';

/** As much of a list’s query as is shown. */
type Listed = {
  data: { pages: Page<DeviceQueueEntry>[] } | undefined;
  error: unknown;
  isError: boolean;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  refetch: () => unknown;
  fetchNextPage: () => unknown;
};

type TextListProps = {
  title: string;
  /** Shown one after the other. */
  lists: Listed[];
  empty: string;
  lead?: string | undefined;
  actions?: ReactNode;
  row: (text: DeviceQueueEntry) => ReactNode;
};

const rowsOf = ({ data }: Listed): DeviceQueueEntry[] => data?.pages.flatMap((page) => page.data) ?? [];

/** Texts of a device under a heading. */
export const TextList = ({ title, lists, empty, lead, actions, row }: TextListProps) => {
  const titleId = useId();
  const failed = lists.find((list) => list.data === undefined && list.isError);
  const rows = lists.flatMap(rowsOf);
  const more = lists.find((list) => list.hasNextPage);
  return (
    <Card aria-labelledby={titleId} className="overflow-hidden p-0">
      <header className="flex flex-wrap items-center justify-between gap-3 border-b px-5 py-3">
        <h2 id={titleId} className="font-semibold">
          {title}
        </h2>
        {actions}
      </header>
      {lead && rows.length > 0 && <p className="border-b px-5 py-2.5 text-muted text-sm">{lead}</p>}
      {failed ? (
        <Failed error={failed.error} retry={() => void failed.refetch()} />
      ) : lists.some((list) => list.data === undefined) ? (
        <Waiting rows={2} />
      ) : rows.length === 0 ? (
        <p className="px-5 py-4 text-muted text-sm">{empty}</p>
      ) : (
        <ul aria-labelledby={titleId}>{rows.map(row)}</ul>
      )}
      <More
        shown={more !== undefined}
        busy={more?.isFetchingNextPage ?? false}
        fetch={() => void more?.fetchNextPage()}
      />
    </Card>
  );
};
