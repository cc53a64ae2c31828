import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Device } from '@trunkline/contract/device';
import { useState } from 'react';
import { revokeToken, rotateToken } from '../../api/devices.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Notice, sentenceOf } from '../../components/notice.tsx';
import { HandOver } from './hand-over.tsx';

/** With what a device proves who it is: a new token in place of the old one, or none from now on. */
export const Access = ({ device }: { device: Device }) => {
  const queries = useQueryClient();
  const [handedOver, setHandedOver] = useState<{ token: string; device: Device } | null>(null);
  const onSettled = () => queries.invalidateQueries({ queryKey: ['devices'] });
  const revoke = useMutation({ mutationFn: () => revokeToken(device.id), onSettled });
  const rotate = useMutation({
    mutationFn: () => rotateToken(device.id),
    onSuccess: ({ token }) => {
      revoke.reset();
      setHandedOver({ token, device });
    },
    onSettled,
  });
  return (
    <Card aria-labelledby="access-title" className="stack content-start gap-3">
      <h2 id="access-title" className="font-semibold">
        Access
      </h2>
      <p className="text-muted text-sm leading-relaxed">
        It shows its token, which nobody can read here any more. A lost one is replaced by a new one.
      </p>
      {rotate.isError && <Notice tone="bad">{sentenceOf(rotate.error)}</Notice>}
      {revoke.isError && <Notice tone="bad">{sentenceOf(revoke.error)}</Notice>}
      {revoke.isSuccess && <Notice>Its token is revoked. It is refused until it gets a new one.</Notice>}
      <div className="flex flex-wrap gap-2">
        <Button
          size="small"
          disabled={rotate.isPending}
          onClick={() => {
            if (
              window.confirm(
                `Make a new token for “${device.name}”? The one it uses works until the new one is used, and for 10 minutes at most.`,
              )
            )
              rotate.mutate();
          }}
        >
          {rotate.isPending ? 'Making…' : 'Make a new token'}
        </Button>
        <Button
          look="bad"
          size="small"
          disabled={revoke.isPending}
          onClick={() => {
            if (
              window.confirm(
                `Revoke the token of “${device.name}”? It is cut off at once. Its texts wait until it gets a new one.`,
              )
            )
              revoke.mutate();
          }}
        >
          Revoke the token
        </Button>
      </div>
      {handedOver && (
        <HandOver
          device={handedOver.device}
          token={handedOver.token}
          title={`A new token for ${device.name}`}
          close={() => setHandedOver(null)}
        >
          <Notice>
            A token before it that was not revoked works until this one is used, 10 minutes at most.
          </Notice>
        </HandOver>
      )}
    </Card>
  );
};
