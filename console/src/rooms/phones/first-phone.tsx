import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Smartphone } from 'lucide-react';
import { putPhone } from '../../api/simulator.ts';
import { Button } from '../../components/button.tsx';
import { Empty } from '../../components/empty.tsx';
import { Notice, sentenceOf } from '../../components/notice.tsx';

/** The phone of every example in the handbook. */
const firstPhone = { number: '+15550100001', label: 'Ada’s phone' };

/** No phone yet: one click and there is one. */
export const FirstPhone = ({ simulatorUrl }: { simulatorUrl: string }) => {
  const queries = useQueryClient();
  const make = useMutation({
    mutationFn: () => putPhone(simulatorUrl, firstPhone),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['phones'] }),
  });
  return (
    <Empty icon={Smartphone} title="No virtual phone yet">
      <div className="stack justify-items-center gap-4">
        <p>Take one, then text from it as a person would.</p>
        {make.isError && <Notice tone="bad">{sentenceOf(make.error)}</Notice>}
        <Button look="main" disabled={make.isPending} onClick={() => make.mutate()}>
          Take {firstPhone.label}
        </Button>
      </div>
    </Empty>
  );
};
