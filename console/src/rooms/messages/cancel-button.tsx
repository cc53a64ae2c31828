import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Message } from '@trunkline/contract';
import { Ban } from 'lucide-react';
import { request } from '../../api/request.ts';
import { Button } from '../../components/button.tsx';
import { Notice, sentenceOf } from '../../components/notice.tsx';
import { isCancelable } from '../../words/tick.ts';

/** Calls a message back while it still waits here. */
export const CancelButton = ({ message }: { message: Pick<Message, 'id' | 'status'> }) => {
  const queries = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => request(`/v1/messages/${encodeURIComponent(message.id)}/cancel`, { method: 'POST' }),
    onSettled: () => queries.invalidateQueries(),
  });
  if (!isCancelable(message.status) && !cancel.isError) return null;
  return (
    <div className="stack justify-items-start gap-2">
      {cancel.isError && <Notice tone="bad">{sentenceOf(cancel.error)}</Notice>}
      {isCancelable(message.status) && (
        <Button look="bad" size="small" disabled={cancel.isPending} onClick={() => cancel.mutate()}>
          <Ban aria-hidden="true" />
          {cancel.isPending ? 'Canceling…' : 'Cancel this message'}
        </Button>
      )}
    </div>
  );
};
