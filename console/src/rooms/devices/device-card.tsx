import { Link } from '@tanstack/react-router';
import type { Device } from '@trunkline/contract/device';
import { Badge } from '../../components/badge.tsx';
import { Card } from '../../components/card.tsx';
import { DeviceCounts } from './device-counts.tsx';
import { NumberList } from './number-list.tsx';
import { PresenceMark } from './presence-mark.tsx';

/** One device of the list. The whole card leads to its page. */
export const DeviceCard = ({ device }: { device: Device }) => (
  <Card
    aria-label={`Device ${device.name}`}
    className="relative stack content-start gap-4 transition-colors hover:border-petrol/50"
  >
    <div className="flex items-start justify-between gap-3">
      <div className="min-w-0">
        <h2 className="truncate font-semibold text-lg tracking-tight">
          <Link
            to="/devices/$deviceId"
            params={{ deviceId: device.id }}
            className="after:absolute after:inset-0 after:rounded-xl"
          >
            {device.name}
          </Link>
        </h2>
        <p className="text-muted text-sm">
          <NumberList numbers={device.numbers} />
        </p>
      </div>
      <PresenceMark device={device} />
    </div>
    <DeviceCounts device={device} />
    {device.overLimit && (
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-[13px] text-muted">
        <Badge tone="warn">Long queue</Badge>
        It has come to DEVICE_QUEUE_LIMIT. The texts are kept all the same.
      </p>
    )}
    {device.access === 'open' && (
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-[13px] text-muted">
        <Badge tone="warn">Open</Badge>
        An old client without a token. Pair its successor to close its number to others.
      </p>
    )}
  </Card>
);
