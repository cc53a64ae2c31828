import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { putPhone } from '../../api/simulator.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { Modal } from '../../components/modal.tsx';
import { Notice, sentenceOf } from '../../components/notice.tsx';
import { nextPhoneNumber } from './next-number.ts';

type NewPhoneProps = {
  simulatorUrl: string;
  /** Numbers in use, the phones’ and our own. */
  taken: string[];
  onMade: (number: string) => void;
};

const Form = ({ simulatorUrl, taken, onMade }: NewPhoneProps) => {
  const queries = useQueryClient();
  const [label, setLabel] = useState('');
  const [number, setNumber] = useState(() => nextPhoneNumber(taken));
  const make = useMutation({
    mutationFn: () => putPhone(simulatorUrl, { number: number.trim(), label: label.trim() }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['phones'] });
      onMade(number.trim());
    },
  });
  return (
    <form
      className="stack gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <Field
        label="Whose phone"
        required
        maxLength={60}
        value={label}
        onChange={(event) => setLabel(event.target.value)}
      />
      <Field
        label="Number"
        required
        inputMode="tel"
        pattern="\+[1-9][0-9]{7,14}"
        title="A number with country code, such as +15550100002"
        value={number}
        onChange={(event) => setNumber(event.target.value)}
        hint="With country code. It exists on the simulated network only."
      />
      {make.isError && <Notice tone="bad">{sentenceOf(make.error)}</Notice>}
      <Button type="submit" look="main" disabled={make.isPending}>
        Add the phone
      </Button>
    </form>
  );
};

/** Adds a virtual phone. */
export const NewPhone = (props: NewPhoneProps) => {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button className="h-9.5" onClick={() => setOpen(true)}>
        <Plus aria-hidden="true" />
        New phone
      </Button>
      {open && (
        <Modal title="New virtual phone" shape="box" close={() => setOpen(false)}>
          <Form
            {...props}
            onMade={(number) => {
              setOpen(false);
              props.onMade(number);
            }}
          />
        </Modal>
      )}
    </>
  );
};
