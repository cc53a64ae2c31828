import { countSegments } from '../words/segments.ts';
import { cn } from './cn.ts';

/** How many segments the text takes as it is written, and what makes it cost more. */
export const SegmentCount = ({ text }: { text: string }) => {
  const { encoding, segments, left, costly } = countSegments(text);
  if (segments === 0)
    return <span className="text-muted text-xs">Enter sends, Shift+Enter begins a new line</span>;
  return (
    <span data-testid="segment-count" className={cn('text-xs', segments > 3 ? 'text-warn' : 'text-muted')}>
      {segments === 1 ? '1 segment' : `${segments} segments`} · {left} left ·{' '}
      {encoding === 'gsm7' ? 'GSM-7' : 'UCS-2'}
      {costly !== null && (
        <span title="This character is not in the narrow alphabet, so each segment holds 70 characters instead of 160.">
          {' '}
          because of “{costly}”
        </span>
      )}
    </span>
  );
};
