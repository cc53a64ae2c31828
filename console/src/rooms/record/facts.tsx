import type { MessageRecord } from '@trunkline/contract';
import type { ReactNode } from 'react';
import { CopyButton } from '../../components/copy-button.tsx';
import { PhoneNumber } from '../../components/phone-number.tsx';
import { fullTime } from '../../words/time.ts';

const Fact = ({ name, copy, children }: { name: string; copy?: string | undefined; children: ReactNode }) => (
  <div className="grid min-h-8 grid-cols-[7.5rem_minmax(0,1fr)_1.75rem] items-center gap-x-2">
    <dt className="text-muted">{name}</dt>
    <dd className="min-w-0 break-words">{children}</dd>
    {copy !== undefined && <CopyButton text={copy} what={name.toLowerCase()} />}
  </div>
);

const Code = ({ children }: { children: string }) => (
  <code className="block truncate font-mono text-[12.5px]" title={children}>
    {children}
  </code>
);

const authors: Record<MessageRecord['author'], string> = {
  contact: 'The contact',
  api: 'The API',
  assistant: 'An assistant',
  person: 'A person at the console',
  device: 'A device',
};

const encodings = { gsm7: 'GSM-7', ucs2: 'UCS-2' } as const;

const Times = ({ record }: { record: MessageRecord }) => (
  <>
    <Fact name={record.direction === 'inbound' ? 'Received' : 'Accepted'}>{fullTime(record.createdAt)}</Fact>
    {record.sendAt && <Fact name="To be sent">{fullTime(record.sendAt)}</Fact>}
    {record.expiresAt && <Fact name="Expires">{fullTime(record.expiresAt)}</Fact>}
    {record.sentAt && <Fact name="Sent">{fullTime(record.sentAt)}</Fact>}
    {record.deliveredAt && <Fact name="Delivered">{fullTime(record.deliveredAt)}</Fact>}
  </>
);

/** The plain facts of a message, with everything one would paste elsewhere ready to copy. */
export const Facts = ({ record }: { record: MessageRecord }) => (
  <dl className="stack gap-0.5 text-sm">
    <Fact name="From" copy={record.from}>
      <PhoneNumber value={record.from} />
    </Fact>
    <Fact name="To" copy={record.to}>
      <PhoneNumber value={record.to} />
    </Fact>
    <Fact name="Written by">{authors[record.author]}</Fact>
    <Fact name="Size">
      {record.segments === 1 ? '1 segment' : `${record.segments} segments`}, {encodings[record.encoding]}
      {record.part && `, part ${record.part.index} of ${record.part.count}`}
    </Fact>
    {record.direction === 'outbound' && (
      <>
        <Fact name="Priority">{record.priority}</Fact>
        <Fact name="Attempts">{record.attempts}</Fact>
      </>
    )}
    <Times record={record} />
    <Fact name="Message id" copy={record.id}>
      <Code>{record.id}</Code>
    </Fact>
    {record.providerSid !== null && (
      <Fact name="Provider id" copy={record.providerSid}>
        <Code>{record.providerSid}</Code>
      </Fact>
    )}
    {record.errorCode !== null && (
      <Fact name="Error code" copy={record.errorCode}>
        <Code>{record.errorCode}</Code>
      </Fact>
    )}
  </dl>
);
