import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiKey } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Field } from '../../components/field.tsx';
import { Notice, sentenceOf } from '../../components/notice.tsx';

type MadeKey = ApiKey & { key: string };

/** Makes a key and shows it this one time. */
export const NewApiKey = () => {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const make = useMutation({
    mutationFn: () => request<MadeKey>('/v1/api-keys', { method: 'POST', body: { name: name.trim() } }),
    onSuccess: () => {
      setName('');
      return queries.invalidateQueries({ queryKey: ['api-keys'] });
    },
  });
  return (
    <form
      className="stack gap-3 border-t pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <div className="flex flex-wrap items-end gap-3">
        <div className="min-w-52 flex-1">
          <Field
            label="Name of a new key"
            required
            maxLength={100}
            placeholder="What will use it"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <Button type="submit" className="h-9.5" disabled={name.trim() === '' || make.isPending}>
          {make.isPending ? 'Making…' : 'Make a key'}
        </Button>
      </div>
      {make.isError && <Notice tone="bad">{sentenceOf(make.error)}</Notice>}
      {make.data && (
        <div className="stack gap-2 rounded-lg border border-good/30 bg-good-wash px-3 py-2.5 text-sm">
          <p>This is the key “{make.data.name}”. It is shown only now, so keep it where you need it.</p>
          <div className="flex items-center gap-1">
            <code className="min-w-0 flex-1 select-all break-all font-mono text-[13px]">{make.data.key}</code>
            <CopyButton text={make.data.key} what="the key" />
          </div>
        </div>
      )}
    </form>
  );
};
