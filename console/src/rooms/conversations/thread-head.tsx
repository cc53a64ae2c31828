import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { PhoneNumber as OwnedNumber } from '@trunkline/contract';
import { ArrowLeft } from 'lucide-react';
import { conversationQuery, numbersQuery } from '../../api/queries.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { PhoneNumber } from '../../components/phone-number.tsx';
import { listed } from '../../words/listed.ts';

const answersOf = ({ responder, devices }: OwnedNumber): string => {
  if (responder.kind === 'inbox') return 'A person answers';
  if (responder.kind === 'assistant') return `${responder.name} answers`;
  if (devices.length === 0) return 'Texts wait for a device';
  return `${listed(devices.map(({ name }) => name))} ${devices.length === 1 ? 'answers' : 'answer'}`;
};

const Answers = ({ numberId }: { numberId: string }) => {
  const numbers = useQuery(numbersQuery);
  const number = numbers.data?.find((one) => one.id === numberId);
  if (!number) return null;
  return (
    <Badge tone="line" className="ml-auto max-sm:hidden" title="What answers texts to this number">
      {answersOf(number)}
    </Badge>
  );
};

/** With whom, on which number, and what answers there. */
export const ThreadHead = ({ conversationId }: { conversationId: string }) => {
  const { data } = useQuery(conversationQuery(conversationId));
  return (
    <header className="flex h-15 shrink-0 items-center gap-2 border-b bg-card px-3 md:px-5">
      <Button look="quiet" size="icon" className="md:hidden" asChild>
        <Link to="/conversations" aria-label="Back to the conversations">
          <ArrowLeft aria-hidden="true" />
        </Link>
      </Button>
      {data && (
        <>
          <div className="min-w-0">
            <h2 className="truncate font-semibold leading-tight">
              {data.contact.name ?? <PhoneNumber value={data.contact.phoneNumber} />}
            </h2>
            <p className="truncate text-muted text-xs">
              {data.contact.name !== null && (
                <>
                  <PhoneNumber value={data.contact.phoneNumber} />
                  {' · '}
                </>
              )}
              on <PhoneNumber value={data.number.phoneNumber} />
            </p>
          </div>
          <CopyButton text={data.contact.phoneNumber} what="the contact’s number" />
          <Answers numberId={data.number.id} />
        </>
      )}
    </header>
  );
};
