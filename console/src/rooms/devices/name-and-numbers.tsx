import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Device } from '@trunkline/contract/device';
import { useState } from 'react';
import { changeDevice } from '../../api/devices.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Field } from '../../components/field.tsx';
import { Notice, sentenceOf } from '../../components/notice.tsx';
import { NumberChoice } from './number-choice.tsx';

const same = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.size === other.size && [...one].every((id) => other.has(id));

/** A device’s name and the numbers whose texts it gets. Saved together, kept as chosen until then. */
export const NameAndNumbers = ({ device }: { device: Device }) => {
  const queries = useQueryClient();
  const saved = new Set(device.numbers.map(({ id }) => id));
  const [name, setName] = useState(device.name);
  const [chosen, choose] = useState<ReadonlySet<string>>(saved);
  const changed = name.trim() !== device.name || !same(chosen, saved);
  const save = useMutation({
    mutationFn: () => changeDevice(device.id, name.trim(), [...chosen]),
    onSuccess: (now) => {
      setName(now.name);
      choose(new Set(now.numbers.map(({ id }) => id)));
    },
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['devices'] }),
        queries.invalidateQueries({ queryKey: ['numbers'] }),
      ]),
  });
  return (
    <Card aria-labelledby="name-and-numbers-title">
      <form
        className="stack gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <h2 id="name-and-numbers-title" className="font-semibold">
          Name and numbers
        </h2>
        <Field
          label="Name"
          required
          maxLength={100}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <NumberChoice chosen={chosen} choose={choose} had={saved} />
        {save.isError && <Notice tone="bad">{sentenceOf(save.error)}</Notice>}
        <div className="flex items-center gap-3">
          <Button type="submit" disabled={!changed || name.trim() === '' || save.isPending}>
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
