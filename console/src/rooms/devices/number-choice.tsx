import { useQuery } from '@tanstack/react-query';
import type { PhoneNumber as OwnedNumber } from '@trunkline/contract';
import { numbersQuery } from '../../api/queries.ts';
import { Failed } from '../../components/notice.tsx';
import { PhoneNumber } from '../../components/phone-number.tsx';
import { Waiting } from '../../components/waiting.tsx';
import { listed } from '../../words/listed.ts';

/** What answers a number, and what choosing it changes. `had`: the device has it already. */
const effectOf = ({ responder, devices }: OwnedNumber, chosen: boolean, had: boolean): string => {
  if (responder.kind === 'device')
    return devices.length === 0
      ? 'Its texts wait for a device'
      : `Its texts go to ${listed(devices.map(({ name }) => name))}`;
  const answers = responder.kind === 'inbox' ? 'A person answers it' : `${responder.name} answers it`;
  if (!chosen) return answers;
  return had
    ? `${answers}, so the device gets nothing from it. Numbers is where to change that.`
    : `${answers} now. From the next text on, this device does.`;
};

type NumberChoiceProps = {
  chosen: ReadonlySet<string>;
  choose: (chosen: ReadonlySet<string>) => void;
  /** The numbers the device has already. */
  had?: ReadonlySet<string>;
};

const none: ReadonlySet<string> = new Set();

/** Our numbers, of which some are chosen; says what answers each and what choosing it changes. */
export const NumberChoice = ({ chosen, choose, had = none }: NumberChoiceProps) => {
  const numbers = useQuery(numbersQuery);
  if (!numbers.data) {
    return numbers.isError ? (
      <Failed error={numbers.error} retry={() => void numbers.refetch()} />
    ) : (
      <Waiting rows={2} className="p-0" />
    );
  }
  return (
    <fieldset className="stack gap-1.5">
      <legend className="mb-1.5 font-medium text-sm">Numbers whose texts it gets</legend>
      {numbers.data.length === 0 && <p className="text-muted text-sm">There is no number yet.</p>}
      {numbers.data.map((number) => (
        <label
          key={number.id}
          className="flex cursor-pointer items-start gap-3 rounded-md border border-line px-3 py-2 has-checked:border-petrol/50 has-checked:bg-petrol-wash/50"
        >
          <input
            type="checkbox"
            className="mt-0.5 size-4 shrink-0 accent-petrol"
            checked={chosen.has(number.id)}
            onChange={(event) => {
              const next = new Set(chosen);
              if (event.target.checked) next.add(number.id);
              else next.delete(number.id);
              choose(next);
            }}
          />
          <span className="min-w-0 text-sm leading-snug">
            <PhoneNumber value={number.phoneNumber} className="block font-medium" />
            <span className="text-[13px] text-muted">
              {effectOf(number, chosen.has(number.id), had.has(number.id))}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  );
};
