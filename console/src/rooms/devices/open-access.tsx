import type { Device } from '@trunkline/contract/device';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { PairDevice } from './pair-device.tsx';

/** What it means that an old client shows no token, and the way out. */
export const OpenAccess = ({ device }: { device: Device }) => {
  const [pairing, setPairing] = useState(false);
  return (
    <Card aria-labelledby="open-access-title" className="stack content-start justify-items-start gap-3">
      <h2 id="open-access-title" className="font-semibold">
        Access
      </h2>
      <p className="text-muted text-sm leading-relaxed">
        An old client, which knows no token: whoever reaches this server and knows its number can fetch its
        texts. To close that, pair a device of its own with the new client, then remove this one and its
        number from RELAY_OPEN_NUMBERS.
      </p>
      <Button size="small" onClick={() => setPairing(true)}>
        Pair its successor
      </Button>
      {pairing && (
        <PairDevice numberIds={device.numbers.map(({ id }) => id)} close={() => setPairing(false)} />
      )}
    </Card>
  );
};
