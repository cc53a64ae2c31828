import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import type { Device, DeviceQueueEntry } from '@trunkline/contract/device';
import { RotateCw } from 'lucide-react';
import { replayTexts } from '../../api/devices.ts';
import { deviceTextsQuery } from '../../api/queries.ts';
import { Button } from '../../components/button.tsx';
import { Notice, sentenceOf } from '../../components/notice.tsx';
import { TextList } from './text-list.tsx';
import { TextRow } from './text-row.tsx';

/** A mutation whose end makes the queues be fetched anew. */
const useReplay = <T,>(replay: () => Promise<T>) => {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: replay,
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['devices'] }),
        queries.invalidateQueries({ queryKey: ['device-texts'] }),
      ]),
  });
};

type DeadLetterProps = { deviceId: string; text: DeviceQueueEntry };

const DeadLetter = ({ deviceId, text }: DeadLetterProps) => {
  const replay = useReplay(() => replayTexts(deviceId, [text.id]));
  return (
    <TextRow text={text}>
      <Button size="small" disabled={replay.isPending} onClick={() => replay.mutate()}>
        <RotateCw aria-hidden="true" />
        {replay.isPending ? 'Replaying…' : 'Replay'}
      </Button>
      {replay.isError && <Notice tone="bad">{sentenceOf(replay.error)}</Notice>}
    </TextRow>
  );
};

/** Texts that no attempt could deliver, each with why, and the way back into the queue. */
export const DeadLetters = ({ device }: { device: Device }) => {
  const list = useInfiniteQuery(deviceTextsQuery(device.id, 'dead'));
  const all = useReplay(() => replayTexts(device.id));
  const count = list.data?.pages.reduce((sum, page) => sum + page.data.length, 0) ?? 0;
  return (
    <div className="stack gap-3">
      {all.isError && <Notice tone="bad">{sentenceOf(all.error)}</Notice>}
      <TextList
        title="Dead letters"
        lists={[list]}
        empty="None: no text has been given up."
        lead="They are not offered any more. Put right what the reason says, then replay them."
        actions={
          count > 1 && (
            <Button size="small" disabled={all.isPending} onClick={() => all.mutate()}>
              <RotateCw aria-hidden="true" />
              {all.isPending ? 'Replaying…' : 'Replay all'}
            </Button>
          )
        }
        row={(text) => <DeadLetter key={text.id} deviceId={device.id} text={text} />}
      />
    </div>
  );
};
