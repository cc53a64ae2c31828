import type { Device } from '@trunkline/contract/device';
import { cn } from '../../components/cn.ts';
import { useNow } from '../../components/use-now.ts';
import { presenceOf } from '../../words/presence.ts';
import { fullTime } from '../../words/time.ts';

const dots = {
  on: 'bg-good',
  off: 'border-2 border-edge',
  never: 'border-2 border-edge border-dashed',
} as const;

/** Whether the device is there, as a dot with words; ages by itself. */
export const PresenceMark = ({ device }: { device: Pick<Device, 'online' | 'lastSeenAt'> }) => {
  const { tone, words } = presenceOf(device, useNow());
  return (
    <span
      className={cn(
        'inline-flex items-center gap-2 whitespace-nowrap text-sm',
        tone === 'on' ? 'font-medium text-good' : 'text-muted',
      )}
      title={
        device.lastSeenAt === null ? 'It has never connected' : `Last seen ${fullTime(device.lastSeenAt)}`
      }
    >
      <span aria-hidden="true" className={cn('size-2.5 rounded-full', dots[tone])} />
      {words}
    </span>
  );
};
