import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Phone, PhoneMessage } from '@trunkline/contract/simulator';
import { useEffect } from 'react';
import { followPhone, screenQuery } from '../../api/simulator.ts';
import { cn } from '../../components/cn.ts';
import { MediaList } from '../../components/media-list.tsx';
import { Failed } from '../../components/notice.tsx';
import { PhoneNumber } from '../../components/phone-number.tsx';
import { useStayAtEnd } from '../../components/use-stay-at-end.ts';
import { Waiting } from '../../components/waiting.tsx';
import { clockTime } from '../../words/time.ts';
import { HandsetComposer } from './handset-composer.tsx';
import { picturesOf } from './sent-pictures.ts';

/** `out` is out of the phone: what its owner wrote. */
const ScreenBubble = ({ message }: { message: PhoneMessage }) => {
  const own = message.direction === 'out';
  return (
    <article
      aria-label={own ? 'Text from this phone' : 'Text to this phone'}
      className={cn(
        'bubble-new stack max-w-[82%] gap-1 rounded-2xl px-3 py-1.5 text-sm',
        own
          ? 'justify-self-end rounded-br-md bg-petrol text-on-petrol'
          : 'justify-self-start rounded-bl-md bg-sunken text-ink',
      )}
    >
      <MediaList attachments={picturesOf(message.sid, message.mediaUrls)} />
      {message.body !== '' && <p className="whitespace-pre-wrap break-words leading-snug">{message.body}</p>}
      <time dateTime={message.at} className={cn('text-right text-[11px]', own ? 'opacity-85' : 'text-muted')}>
        {clockTime(message.at)}
      </time>
    </article>
  );
};

type HandsetProps = { simulatorUrl: string; phone: Phone; number: string };

const Screen = ({ simulatorUrl, phone, number }: HandsetProps) => {
  const screen = useQuery(screenQuery(simulatorUrl, phone.number, number));
  const end = useStayAtEnd(screen.data?.at(-1)?.sid, screen.data?.at(0)?.sid);
  return (
    <div ref={end} className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-3 py-3">
      {screen.data === undefined ? (
        screen.isError ? (
          <Failed error={screen.error} retry={() => void screen.refetch()} />
        ) : (
          <Waiting rows={3} />
        )
      ) : screen.data.length === 0 ? (
        <p className="mt-8 px-6 text-center text-muted text-sm leading-relaxed">
          No text yet. Write one below, as {phone.label} would.
        </p>
      ) : (
        <div role="log" aria-label="Texts on this phone" className="stack gap-1.5">
          {screen.data.map((message) => (
            <ScreenBubble key={message.sid} message={message} />
          ))}
        </div>
      )}
    </div>
  );
};

/** The phone in the hand of the person at the other end. */
export const Handset = (props: HandsetProps) => {
  const { simulatorUrl, phone, number } = props;
  const queries = useQueryClient();
  useEffect(
    () =>
      followPhone(simulatorUrl, phone.number, () => {
        void queries.invalidateQueries({ queryKey: ['screen', phone.number] });
      }),
    [queries, simulatorUrl, phone.number],
  );
  return (
    <section
      aria-label={`Handset: ${phone.label}`}
      className="mx-auto h-[min(42rem,calc(100dvh-9rem))] min-h-[27rem] w-full max-w-[23rem] rounded-[2.6rem] bg-rail p-2.5 shadow-xl ring-1 ring-line"
    >
      <div className="flex h-full flex-col overflow-hidden rounded-[2rem] bg-card">
        <header className="stack justify-items-center gap-1 border-b px-4 pt-2.5 pb-2.5 text-center">
          <span aria-hidden="true" className="mb-1 h-1 w-14 rounded-full bg-line" />
          <p className="font-semibold text-sm leading-tight">
            <PhoneNumber value={number} />
          </p>
          <p className="text-muted text-xs leading-tight">
            {phone.label} · <PhoneNumber value={phone.number} />
          </p>
        </header>
        <Screen {...props} />
        <HandsetComposer {...props} />
      </div>
    </section>
  );
};
