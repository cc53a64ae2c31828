import { useInfiniteQuery } from '@tanstack/react-query';
import type { Device } from '@trunkline/contract/device';
import { deviceTextsQuery } from '../../api/queries.ts';
import { TextList } from './text-list.tsx';
import { TextRow } from './text-row.tsx';

/** What the device has taken. */
export const Taken = ({ device }: { device: Device }) => {
  const list = useInfiniteQuery(deviceTextsQuery(device.id, 'taken'));
  return (
    <TextList
      title="Taken"
      lists={[list]}
      empty="It has taken no text yet."
      row={(text) => <TextRow key={text.id} text={text} />}
    />
  );
};
