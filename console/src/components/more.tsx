import { Button } from './button.tsx';

type MoreProps = { shown: boolean; busy: boolean; fetch: () => void; label?: string };

/** The way to the next page of a list, while there is one. */
export const More = ({ shown, busy, fetch, label = 'Show more' }: MoreProps) =>
  shown ? (
    <div className="flex justify-center py-3">
      <Button size="small" disabled={busy} onClick={fetch}>
        {busy ? 'Loading…' : label}
      </Button>
    </div>
  ) : null;
