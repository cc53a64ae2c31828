import type { MessageRecord } from '@trunkline/contract';
import { MediaList } from '../../components/media-list.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { attachmentsOf } from '../../words/attachments-of.ts';
import { tickOf } from '../../words/tick.ts';
import { CancelButton } from '../messages/cancel-button.tsx';
import { Why } from '../messages/why.tsx';
import { Facts } from './facts.tsx';
import { Steps } from './steps.tsx';

/** All there is to know about one message: its words, its state and why, every step, and the facts. */
export const Record = ({ record }: { record: MessageRecord }) => (
  <article aria-label="Message record" className="stack gap-6">
    <div className="stack gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <StatusBadge status={record.status} />
        <span className="text-muted text-sm">{tickOf(record.status).meaning}</span>
      </div>
      {(record.body !== '' || record.mediaUrls.length > 0) && (
        <div className="stack gap-2 rounded-xl bg-sunken px-4 py-3">
          {record.body !== '' && (
            <p className="whitespace-pre-wrap break-words leading-relaxed">{record.body}</p>
          )}
          <MediaList attachments={attachmentsOf(record)} linked />
        </div>
      )}
      <Why message={record} />
      <CancelButton message={record} />
    </div>
    <section className="stack gap-3">
      <h3 className="font-semibold text-muted text-xs uppercase tracking-wider">Step by step</h3>
      <Steps steps={record.steps} />
    </section>
    <section className="stack gap-2 border-t pt-5">
      <h3 className="font-semibold text-muted text-xs uppercase tracking-wider">Facts</h3>
      <Facts record={record} />
    </section>
  </article>
);
