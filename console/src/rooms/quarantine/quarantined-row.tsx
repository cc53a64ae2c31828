import { useMutation, useQueryClient } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import type { QuarantinedWebhook } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Notice, sentenceOf } from '../../components/notice.tsx';
import { PhoneNumber } from '../../components/phone-number.tsx';
import { fullTime } from '../../words/time.ts';

type Replayed = { ok: boolean; detail: string };

/** One refused webhook: what was wrong with it, and the way to take it in after all. */
export const QuarantinedRow = ({ webhook }: { webhook: QuarantinedWebhook }) => {
  const queries = useQueryClient();
  const replay = useMutation({
    mutationFn: () =>
      request<Replayed>(`/v1/quarantine/${encodeURIComponent(webhook.id)}/replay`, { method: 'POST' }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['quarantine'] }),
  });
  return (
    <li className="stack gap-2.5 border-t px-5 py-4 first:border-t-0">
      <div className="grid items-start justify-items-start gap-x-4 gap-y-2 sm:grid-cols-[minmax(0,1fr)_auto]">
        <div className="stack min-w-0 gap-1">
          <div className="flex flex-wrap items-center gap-2">
            <Badge tone="bad">{webhook.reason.replaceAll('_', ' ')}</Badge>
            <Badge>{webhook.kind}</Badge>
            {webhook.replayedAt !== null && <Badge tone="good">Replayed</Badge>}
          </div>
          <p className="text-sm leading-relaxed">{webhook.detail}</p>
          <p className="text-muted text-xs">
            <time dateTime={webhook.receivedAt}>{fullTime(webhook.receivedAt)}</time>
            {webhook.from !== null && (
              <>
                {' · from '}
                <PhoneNumber value={webhook.from} />
              </>
            )}
            {webhook.to !== null && (
              <>
                {' to '}
                <PhoneNumber value={webhook.to} />
              </>
            )}
            {webhook.replayedAt !== null && ` · replayed ${fullTime(webhook.replayedAt)}`}
          </p>
        </div>
        <Button
          size="small"
          disabled={replay.isPending || webhook.replayedAt !== null}
          onClick={() => replay.mutate()}
        >
          <RotateCw aria-hidden="true" />
          {replay.isPending ? 'Replaying…' : 'Replay'}
        </Button>
      </div>
      {replay.isError && <Notice tone="bad">{sentenceOf(replay.error)}</Notice>}
      {replay.data && <Notice tone={replay.data.ok ? 'good' : 'bad'}>{replay.data.detail}</Notice>}
    </li>
  );
};
