import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Assistant, PhoneNumber } from '@trunkline/contract';
import { request } from '../../api/request.ts';
import { SelectField } from '../../components/field.tsx';
import { Notice, sentenceOf } from '../../components/notice.tsx';
import { listed } from '../../words/listed.ts';

const inbox = 'inbox';
const device = 'device';

const responderOf = (value: string) =>
  value === inbox || value === device ? { kind: value } : { kind: 'assistant', assistantId: value };

/** To which devices the texts of a number go, and the way to them. */
const Receivers = ({ devices }: Pick<PhoneNumber, 'devices'>) => (
  <>
    {devices.length === 0
      ? 'No device has this number yet: its texts wait for the first one. '
      : `Every text goes to ${listed(devices.map(({ name }) => name))}. `}
    <Link to="/devices" className="text-petrol underline">
      {devices.length === 0 ? 'Pair a device' : 'See the devices'}
    </Link>
  </>
);

/** Chooses what answers a number; takes effect with the next text that comes in. */
export const ResponderChoice = ({ number, assistants }: { number: PhoneNumber; assistants: Assistant[] }) => {
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (value: string) =>
      request<PhoneNumber>(`/v1/numbers/${encodeURIComponent(number.id)}`, {
        method: 'PATCH',
        body: { responder: responderOf(value) },
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['numbers'] }),
  });
  const { kind, assistantId } = number.responder;
  const saved = assistantId ?? kind;
  return (
    <div className="stack gap-2">
      <SelectField
        label="What answers"
        value={change.isPending ? change.variables : saved}
        disabled={change.isPending}
        onChange={(event) => change.mutate(event.target.value)}
        hint={
          change.isSuccess ? (
            'Saved. It holds from the next text on.'
          ) : saved === inbox ? (
            'Texts wait in the conversations for a person.'
          ) : saved === device ? (
            <Receivers devices={number.devices} />
          ) : (
            'The assistant answers every text by itself.'
          )
        }
      >
        <option value={inbox}>A person at the console</option>
        <option value={device}>A device</option>
        {assistants.map((assistant) => (
          <option key={assistant.id} value={assistant.id}>
            Assistant: {assistant.name}
          </option>
        ))}
      </SelectField>
      {change.isError && <Notice tone="bad">{sentenceOf(change.error)}</Notice>}
    </div>
  );
};
