import type { Assistant, PhoneNumber as OwnedNumber } from '@trunkline/contract';
import { Badge } from '../../components/badge.tsx';
import { Card } from '../../components/card.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { PhoneNumber } from '../../components/phone-number.tsx';
import { ResponderChoice } from './responder-choice.tsx';

const Address = ({ name, url }: { name: string; url: string }) => (
  <div className="stack gap-1">
    <dt className="text-[13px] text-muted">{name}</dt>
    <dd className="flex min-w-0 items-center gap-1 rounded-md bg-sunken py-0.5 pr-1 pl-2.5">
      <code className="min-w-0 flex-1 overflow-x-auto whitespace-nowrap py-1 font-mono text-xs">{url}</code>
      <CopyButton text={url} what={name.toLowerCase()} />
    </dd>
  </div>
);

/** One of our numbers: whose it is, what answers, and the addresses to set at the provider. */
export const NumberCard = ({ number, assistants }: { number: OwnedNumber; assistants: Assistant[] }) => (
  <Card aria-label={`Number ${number.phoneNumber}`} className="stack content-start gap-4">
    <div className="flex flex-wrap items-center justify-between gap-2">
      <h2 className="flex items-center gap-1 font-semibold text-lg tracking-tight">
        <PhoneNumber value={number.phoneNumber} />
        <CopyButton text={number.phoneNumber} what="the number" />
      </h2>
      <Badge className="capitalize">{number.provider}</Badge>
    </div>
    <ResponderChoice number={number} assistants={assistants} />
    <dl className="stack gap-2.5">
      <Address name="Webhook for incoming texts" url={number.webhookUrl} />
      <Address name="Address for delivery receipts" url={number.statusCallbackUrl} />
    </dl>
  </Card>
);
