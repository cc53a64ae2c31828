import type { MessageStatus } from '@trunkline/contract';
import { SelectField } from '../../components/field.tsx';
import { statuses, tickOf } from '../../words/tick.ts';

type StatusFilterProps = {
  value: MessageStatus | undefined;
  choose: (status: MessageStatus | undefined) => void;
};

/** Narrows the table to one state. */
export const StatusFilter = ({ value, choose }: StatusFilterProps) => (
  <div className="w-44">
    <SelectField
      label="Status"
      hideLabel
      value={value ?? ''}
      onChange={(event) => choose(statuses.find((status) => status === event.target.value))}
    >
      <option value="">Every status</option>
      {statuses.map((status) => (
        <option key={status} value={status}>
          {tickOf(status).label}
        </option>
      ))}
    </SelectField>
  </div>
);
