import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Assistant, PhoneNumber } from '@trunkline/contract';
import { request } from '../../api/request.ts';
import { SelectField } from '../../components/field.tsx';
import { Notice, sentenceOf } from '../../components/notice.tsx';

const inbox = 'inbox';

/** Chooses what answers a number; takes effect with the next text that comes in. */
export const ResponderChoice = ({ number, assistants }: { number: PhoneNumber; assistants: Assistant[] }) => {
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (value: string) =>
      request<PhoneNumber>(`/v1/numbers/${encodeURIComponent(number.id)}`, {
        method: 'PATCH',
        body: {
          responder: value === inbox ? { kind: 'inbox' } : { kind: 'assistant', assistantId: value },
        },
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['numbers'] }),
  });
  const saved = number.responder.assistantId ?? inbox;
  return (
    <div className="stack gap-2">
      <SelectField
        label="What answers"
        value={change.isPending ? change.variables : saved}
        disabled={change.isPending}
        onChange={(event) => change.mutate(event.target.value)}
        hint={
          change.isSuccess
            ? 'Saved. It holds from the next text on.'
            : saved === inbox
              ? 'Texts wait in the conversations for a person.'
              : 'The assistant answers every text by itself.'
        }
      >
        <option value={inbox}>A person at the console</option>
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
