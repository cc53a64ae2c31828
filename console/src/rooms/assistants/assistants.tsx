import { useQuery } from '@tanstack/react-query';
import { Bot } from 'lucide-react';
import { assistantsQuery } from '../../api/queries.ts';
import { Empty } from '../../components/empty.tsx';
import { Failed } from '../../components/notice.tsx';
import { Room } from '../../components/room.tsx';
import { Waiting } from '../../components/waiting.tsx';
import { AssistantCard } from './assistant-card.tsx';

const Cards = () => {
  const assistants = useQuery(assistantsQuery);
  if (!assistants.data) {
    return assistants.isError ? (
      <Failed error={assistants.error} retry={() => void assistants.refetch()} />
    ) : (
      <Waiting />
    );
  }
  if (assistants.data.length === 0) {
    return (
      <Empty icon={Bot} title="No assistant yet">
        An assistant answers texts by the instructions you give it. None has been set up in this organization.
      </Empty>
    );
  }
  return (
    <div className="stack max-w-3xl gap-4">
      {assistants.data.map((assistant) => (
        <AssistantCard key={assistant.id} assistant={assistant} />
      ))}
    </div>
  );
};

/** The assistants and what they were told. */
export const Assistants = () => (
  <Room title="Assistants" lead="They answer texts by themselves, following what you write here.">
    <Cards />
  </Room>
);
