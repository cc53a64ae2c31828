import { useQuery } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import { quarantineQuery } from '../../api/queries.ts';
import { Card } from '../../components/card.tsx';
import { Empty } from '../../components/empty.tsx';
import { Failed } from '../../components/notice.tsx';
import { Room } from '../../components/room.tsx';
import { Waiting } from '../../components/waiting.tsx';
import { QuarantinedRow } from './quarantined-row.tsx';

const List = () => {
  const quarantine = useQuery({ ...quarantineQuery, refetchInterval: 10_000 });
  if (!quarantine.data) {
    return quarantine.isError ? (
      <Failed error={quarantine.error} retry={() => void quarantine.refetch()} />
    ) : (
      <Waiting />
    );
  }
  if (quarantine.data.length === 0) {
    return (
      <Empty icon={ShieldCheck} title="Nothing in quarantine">
        Every webhook so far could prove that it came from the provider.
      </Empty>
    );
  }
  return (
    <ul aria-label="Refused webhooks">
      {quarantine.data.map((webhook) => (
        <QuarantinedRow key={webhook.id} webhook={webhook} />
      ))}
    </ul>
  );
};

/** Webhooks that were refused, kept so that nothing is lost when the fault was ours. */
export const Quarantine = () => (
  <Room
    title="Quarantine"
    lead="Webhooks whose signature did not hold. They had no effect. When the reason is a setting that was wrong, put it right and replay them."
  >
    <Card className="overflow-hidden p-0">
      <List />
    </Card>
  </Room>
);
