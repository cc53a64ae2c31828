import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Device } from '@trunkline/contract/device';
import { Trash2 } from 'lucide-react';
import { removeDevice } from '../../api/devices.ts';
import { Button } from '../../components/button.tsx';
import { Notice, sentenceOf } from '../../components/notice.tsx';

/** Removes a device; says first what becomes of its queue. */
export const Remove = ({ device }: { device: Device }) => {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => removeDevice(device.id),
    onSuccess: async () => {
      await navigate({ to: '/devices' });
      queries.removeQueries({ queryKey: ['devices', device.id] });
      await queries.invalidateQueries({ queryKey: ['devices'] });
    },
  });
  const open = device.pending + device.dead;
  const texts = open === 1 ? 'The text' : `The ${open} texts`;
  const left =
    open === 0
      ? ''
      : ` ${texts} it has not taken stay with other devices of the number, or wait for its next one.`;
  return (
    <div className="stack justify-items-start gap-3">
      {remove.isError && <Notice tone="bad">{sentenceOf(remove.error)}</Notice>}
      <Button
        look="bad"
        size="small"
        disabled={remove.isPending}
        onClick={() => {
          if (window.confirm(`Remove “${device.name}”? It is refused from now on.${left}`)) remove.mutate();
        }}
      >
        <Trash2 aria-hidden="true" />
        {remove.isPending ? 'Removing…' : 'Remove this device'}
      </Button>
    </div>
  );
};
