import { useInfiniteQuery } from '@tanstack/react-query';
import type { Device } from '@trunkline/contract/device';
import { deviceTextsQuery } from '../../api/queries.ts';
import { TextList } from './text-list.tsx';
import { TextRow } from './text-row.tsx';

/** What has not been taken yet: first what the device holds now, then what waits, and why. */
export const Queue = ({ device }: { device: Device }) => {
  const leased = useInfiniteQuery(deviceTextsQuery(device.id, 'leased'));
  const waiting = useInfiniteQuery(deviceTextsQuery(device.id, 'waiting'));
  return (
    <TextList
      title="Queue"
      lists={[leased, waiting]}
      empty="Nothing waits: every text was taken."
      lead={
        !device.online && device.pending > 0
          ? `${device.name} is not connected. These go to it as soon as it is.`
          : undefined
      }
      row={(text) => <TextRow key={text.id} text={text} />}
    />
  );
};
