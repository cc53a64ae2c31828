import { useInfiniteQuery } from '@tanstack/react-query';
import { Plus, RadioTower } from 'lucide-react';
import { useState } from 'react';
import { devicesQuery } from '../../api/queries.ts';
import { Button } from '../../components/button.tsx';
import { Empty } from '../../components/empty.tsx';
import { More } from '../../components/more.tsx';
import { Failed } from '../../components/notice.tsx';
import { Room } from '../../components/room.tsx';
import { Waiting } from '../../components/waiting.tsx';
import { DeviceCard } from './device-card.tsx';
import { PairDevice } from './pair-device.tsx';
import { useMayManage } from './use-may-manage.ts';

const Cards = ({ mayManage }: { mayManage: boolean }) => {
  const list = useInfiniteQuery(devicesQuery());
  const devices = list.data?.pages.flatMap((page) => page.data);
  if (devices === undefined) {
    return list.isError ? <Failed error={list.error} retry={() => void list.refetch()} /> : <Waiting />;
  }
  if (devices.length === 0) {
    return (
      <Empty icon={RadioTower} title="No device yet">
        A device is a box behind any router that fetches the texts of your numbers: no open port, no address
        of its own.{' '}
        {mayManage ? 'Pairing one takes a name and one command on it.' : 'An owner or an admin can pair one.'}
      </Empty>
    );
  }
  return (
    <>
      <div className="grid gap-4 lg:grid-cols-2 2xl:grid-cols-3">
        {devices.map((device) => (
          <DeviceCard key={device.id} device={device} />
        ))}
      </div>
      <More shown={list.hasNextPage} busy={list.isFetchingNextPage} fetch={() => void list.fetchNextPage()} />
    </>
  );
};

/** The boxes that fetch their texts from us, whether they are there, and what waits for them. */
export const Devices = () => {
  const [pairing, setPairing] = useState(false);
  const mayManage = useMayManage();
  return (
    <Room
      title="Devices"
      lead="Boxes behind any router that fetch the texts of your numbers, whether they are there, and what waits for them."
      actions={
        mayManage && (
          <Button look="main" onClick={() => setPairing(true)}>
            <Plus aria-hidden="true" />
            Pair a device
          </Button>
        )
      }
    >
      <Cards mayManage={mayManage} />
      {pairing && <PairDevice close={() => setPairing(false)} />}
    </Room>
  );
};
