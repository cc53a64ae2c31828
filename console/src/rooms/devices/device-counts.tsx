import type { Device } from '@trunkline/contract/device';
import type { ReactNode } from 'react';
import { cn } from '../../components/cn.ts';
import { useNow } from '../../components/use-now.ts';
import { ago } from '../../words/presence.ts';
import { fullTime } from '../../words/time.ts';

const Count = ({ name, className, children }: { name: string; className?: string; children: ReactNode }) => (
  <div className="stack content-start gap-0.5">
    <dt className="text-muted text-xs">{name}</dt>
    <dd className={cn('font-semibold text-lg leading-tight', className)}>{children}</dd>
  </div>
);

/** How the device stands with its texts: what waits, what could not be delivered, when it last took one. */
export const DeviceCounts = ({ device }: { device: Device }) => {
  const now = useNow();
  return (
    <dl className="grid grid-cols-3 gap-3">
      <Count name="In the queue" className={device.overLimit ? 'text-warn' : ''}>
        {device.pending}
      </Count>
      <Count name="Dead letters" className={device.dead > 0 ? 'text-bad' : ''}>
        {device.dead}
      </Count>
      <Count name="Last taken" className="font-normal text-sm leading-6">
        {device.lastTakenAt === null ? (
          'Never'
        ) : (
          <time dateTime={device.lastTakenAt} title={fullTime(device.lastTakenAt)}>
            {ago(device.lastTakenAt, now)}
          </time>
        )}
      </Count>
    </dl>
  );
};
