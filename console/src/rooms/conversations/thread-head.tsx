import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { conversationQuery, numbersQuery } from '../../api/queries.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { PhoneNumber } from '../../components/phone-number.tsx';

const Answers = ({ numberId }: { numberId: string }) => {
  const numbers = useQuery(numbersQuery);
  const responder = numbers.data?.find((one) => one.id === numberId)?.responder;
  if (!responder) return null;
  return (
    <Badge tone="line" className="ml-auto max-sm:hidden" title="What answers texts to this number">
      {responder.kind === 'inbox' ? 'A person answers' : `${responder.name} answers`}
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
