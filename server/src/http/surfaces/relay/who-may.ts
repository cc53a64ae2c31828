import type { IncomingMessage } from 'node:http';
import { fromThisMachine } from '../../from-this-machine.ts';

/** A device that has shown its token. */
export type TokenDevice = { organizationId: string; id: string };

/** Who asks the relay. `demo`: this machine, in demo mode. `device`: one with a token. `stranger`: anybody; what is open is open to them. */
export type Asker = { kind: 'demo' } | { kind: 'device'; device: TokenDevice } | { kind: 'stranger' };

export type IdentifyDevice = (request: Request) => Promise<TokenDevice | null>;

// A page of another site can make this machine's browser ask; it can't read the answer, but a poll would count.
const ownPages = new Set([null, 'none', 'same-origin']);

/** Says who asks. A token that is none of ours opens nothing, not even in demo mode. */
export const whoAsks = async (
  request: Request,
  incoming: IncomingMessage,
  { demo, identifyDevice }: { demo: boolean; identifyDevice: IdentifyDevice },
): Promise<Asker> => {
  if (/^bearer\s+td_/i.test(request.headers.get('authorization') ?? '')) {
    const device = await identifyDevice(request);
    return device ? { kind: 'device', device } : { kind: 'stranger' };
  }
  return demo &&
    fromThisMachine(request.headers, incoming.socket.remoteAddress) &&
    ownPages.has(request.headers.get('sec-fetch-site'))
    ? { kind: 'demo' }
    : { kind: 'stranger' };
};
