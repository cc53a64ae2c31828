import type { MessageStatus } from '@trunkline/contract';
import { tickOf } from '../words/tick.ts';
import { Badge } from './badge.tsx';
import { TickMark } from './tick-mark.tsx';

const tones = { quiet: 'quiet', seen: 'seen', bad: 'bad', warn: 'warn' } as const;

/** A message’s state as sign and word. */
export const StatusBadge = ({ status }: { status: MessageStatus }) => {
  const tick = tickOf(status);
  return (
    <Badge tone={status === 'delivered' ? 'good' : tones[tick.tone]} title={tick.meaning}>
      <span aria-hidden="true" className="contents">
        <TickMark status={status} className="text-current" />
      </span>
      {tick.label}
    </Badge>
  );
};
