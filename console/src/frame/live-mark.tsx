import { useLiveState } from '../api/live.ts';
import { cn } from '../components/cn.ts';

const words = { connecting: 'Connecting', live: 'Live', reconnecting: 'Reconnecting' } as const;

/** Whether what is on the screen follows the server at this moment. */
export const LiveMark = () => {
  const state = useLiveState();
  return (
    <span
      role="status"
      className="inline-flex items-center gap-2 text-rail-muted text-xs"
      title="The stream of events"
    >
      <span
        aria-hidden="true"
        className={cn(
          'size-2 rounded-full',
          state === 'live' ? 'bg-[oklch(0.78_0.15_158)]' : 'animate-pulse bg-amber',
        )}
      />
      {words[state]}
    </span>
  );
};
