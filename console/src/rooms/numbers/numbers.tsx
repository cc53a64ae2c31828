import { useQuery } from '@tanstack/react-query';
import { Hash } from 'lucide-react';
import { assistantsQuery, numbersQuery } from '../../api/queries.ts';
import { Empty } from '../../components/empty.tsx';
import { Failed } from '../../components/notice.tsx';
import { Room } from '../../components/room.tsx';
import { Waiting } from '../../components/waiting.tsx';
import { NumberCard } from './number-card.tsx';

const Cards = () => {
  const numbers = useQuery(numbersQuery);
  const assistants = useQuery(assistantsQuery);
  const failed = numbers.isError ? numbers : assistants.isError ? assistants : null;
  if (!numbers.data || !assistants.data) {
    return failed ? <Failed error={failed.error} retry={() => void failed.refetch()} /> : <Waiting />;
  }
  if (numbers.data.length === 0) {
    return (
      <Empty icon={Hash} title="No number yet">
        Set TWILIO_PHONE_NUMBER and start the server again; the number then appears here.
      </Empty>
    );
  }
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      {numbers.data.map((number) => (
        <NumberCard key={number.id} number={number} assistants={assistants.data} />
      ))}
    </div>
  );
};

/** Our numbers and what answers each of them. */
export const Numbers = () => (
  <Room title="Numbers" lead="Your numbers, and what answers a text to each of them.">
    <Cards />
  </Room>
);
