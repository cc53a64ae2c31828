import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Assistant } from '@trunkline/contract';
import { useState } from 'react';
import { numbersQuery } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Field, TextField } from '../../components/field.tsx';
import { Notice, sentenceOf } from '../../components/notice.tsx';
import { PhoneNumber } from '../../components/phone-number.tsx';

const AnsweredNumbers = ({ assistantId }: { assistantId: string }) => {
  const numbers = useQuery(numbersQuery);
  const answered = numbers.data?.filter((one) => one.responder.assistantId === assistantId) ?? [];
  return (
    <p className="text-muted text-sm">
      {answered.length === 0
        ? 'Answers no number yet. Choose it in Numbers.'
        : answered.map((one, index) => (
            <span key={one.id}>
              {index === 0 ? 'Answers ' : ', '}
              <PhoneNumber value={one.phoneNumber} />
            </span>
          ))}
    </p>
  );
};

/** One assistant: its name and the instructions it follows. Saved together, kept as typed until then. */
export const AssistantCard = ({ assistant }: { assistant: Assistant }) => {
  const queries = useQueryClient();
  const [name, setName] = useState(assistant.name);
  const [instructions, setInstructions] = useState(assistant.instructions);
  const changed = name !== assistant.name || instructions !== assistant.instructions;
  const save = useMutation({
    mutationFn: () =>
      request<Assistant>(`/v1/assistants/${encodeURIComponent(assistant.id)}`, {
        method: 'PATCH',
        body: { name: name.trim(), instructions },
      }),
    onSuccess: (saved) => {
      setName(saved.name);
      setInstructions(saved.instructions);
      return Promise.all([
        queries.invalidateQueries({ queryKey: ['assistants'] }),
        queries.invalidateQueries({ queryKey: ['numbers'] }),
      ]);
    },
  });
  return (
    <Card aria-label={`Assistant ${assistant.name}`}>
      <form
        className="stack gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <div className="flex flex-wrap items-center justify-between gap-2">
          <AnsweredNumbers assistantId={assistant.id} />
          <Badge tone="line" title="The model that answers">
            {assistant.model === 'demo' ? 'demo model' : assistant.model}
          </Badge>
        </div>
        {assistant.model === 'demo' && (
          <Notice>
            The built-in demo model answers by plain rules. Set OPENAI_API_KEY, ANTHROPIC_API_KEY or
            LLM_BASE_URL to have a language model follow these instructions.
          </Notice>
        )}
        <Field
          label="Name"
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          label="Instructions"
          rows={9}
          value={instructions}
          onChange={(event) => setInstructions(event.target.value)}
          hint="What it should know and how it should answer. Changes hold from the next text on."
        />
        {save.isError && <Notice tone="bad">{sentenceOf(save.error)}</Notice>}
        <div className="flex items-center gap-3">
          <Button type="submit" look="main" disabled={!changed || name.trim() === '' || save.isPending}>
            {save.isPending ? 'Saving…' : 'Save'}
          </Button>
          <span role="status" className="text-muted text-sm">
            {changed ? 'Not saved yet' : save.isSuccess ? 'Saved' : ''}
          </span>
        </div>
      </form>
    </Card>
  );
};
