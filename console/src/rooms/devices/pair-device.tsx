import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { pairDevice } from '../../api/devices.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { Modal } from '../../components/modal.tsx';
import { Notice, sentenceOf } from '../../components/notice.tsx';
import { HandOver } from './hand-over.tsx';
import { NumberChoice } from './number-choice.tsx';

type PairDeviceProps = {
  close: () => void;
  /** The numbers that are chosen to begin with. */
  numberIds?: readonly string[];
};

/** Pairs a device in one step: a name and its numbers; then the token and the line that starts it, and whether it has come. */
export const PairDevice = ({ close, numberIds = [] }: PairDeviceProps) => {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [chosen, choose] = useState<ReadonlySet<string>>(() => new Set(numberIds));
  const pair = useMutation({
    mutationFn: () => pairDevice(name.trim(), [...chosen]),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['devices'] }),
        queries.invalidateQueries({ queryKey: ['numbers'] }),
      ]),
  });
  if (pair.data) {
    const { name: paired, token } = pair.data;
    return <HandOver device={pair.data} token={token} title={`${paired} is paired`} close={close} />;
  }
  return (
    <Modal title="Pair a device" shape="box" close={close}>
      <form
        className="stack gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          pair.mutate();
        }}
      >
        <Field
          label="Name"
          required
          maxLength={100}
          autoComplete="off"
          placeholder="Anda"
          value={name}
          onChange={(event) => setName(event.target.value)}
          hint="Other devices write to it by this name."
        />
        <NumberChoice chosen={chosen} choose={choose} />
        {pair.isError && <Notice tone="bad">{sentenceOf(pair.error)}</Notice>}
        <div className="flex flex-wrap justify-end gap-3">
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" look="main" disabled={name.trim() === '' || pair.isPending}>
            {pair.isPending ? 'Pairing…' : 'Pair'}
          </Button>
        </div>
      </form>
    </Modal>
  );
};
