import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { Device } from '@trunkline/contract/device';
import { ArrowLeft } from 'lucide-react';
import { deviceQuery } from '../../api/queries.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Failed } from '../../components/notice.tsx';
import { Room } from '../../components/room.tsx';
import { Waiting } from '../../components/waiting.tsx';
import { Access } from './access.tsx';
import { DeadLetters } from './dead-letters.tsx';
import { DeviceCounts } from './device-counts.tsx';
import { NameAndNumbers } from './name-and-numbers.tsx';
import { NumberList } from './number-list.tsx';
import { OpenAccess } from './open-access.tsx';
import { PresenceMark } from './presence-mark.tsx';
import { Queue } from './queue.tsx';
import { Remove } from './remove.tsx';
import { Taken } from './taken.tsx';
import { useMayManage } from './use-may-manage.ts';

const Parts = ({ device }: { device: Device }) => {
  const mayManage = useMayManage();
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="stack gap-4">
        <Card aria-label="How it stands">
          <DeviceCounts device={device} />
        </Card>
        {device.dead > 0 && <DeadLetters device={device} />}
        <Queue device={device} />
        <Taken device={device} />
      </div>
      {mayManage && (
        <div className="stack gap-4">
          <NameAndNumbers key={device.id} device={device} />
          {device.access === 'open' ? <OpenAccess device={device} /> : <Access device={device} />}
          <Remove device={device} />
        </div>
      )}
    </div>
  );
};

/** One device: what waits for it and why, what was given up, and what it may. */
export const DeviceRoom = () => {
  const { deviceId } = useParams({ from: '/frame/devices/$deviceId' });
  const { data: device, isError, error, refetch } = useQuery(deviceQuery(deviceId));
  return (
    <Room
      title={device?.name ?? 'Device'}
      lead={
        device && (
          <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
            <PresenceMark device={device} />
            <span>
              <NumberList numbers={device.numbers} />
            </span>
          </span>
        )
      }
      actions={
        <Button look="quiet" asChild>
          <Link to="/devices">
            <ArrowLeft aria-hidden="true" />
            All devices
          </Link>
        </Button>
      }
    >
      {device ? (
        <Parts device={device} />
      ) : isError ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : (
        <Waiting />
      )}
    </Room>
  );
};
