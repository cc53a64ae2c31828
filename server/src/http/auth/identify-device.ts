import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { sha256 } from '../../base/secrets.ts';
import type { Signals } from '../../base/signals.ts';
import { findDevice } from '../../store/device-tokens.ts';
import type { Incoming } from './origins.ts';
import { remember } from './remember.ts';

/** A device that makes a request, and its one organization. It is no Principal: it reaches the routes of devices and nothing else. */
export type DevicePrincipal = {
  organizationId: string;
  deviceId: string;
  name: string;
  tokenHash: Buffer;
};

const tokenShape = /^bearer +(td_[A-Za-z0-9_-]{43}) *$/i;
/** How long a token that was revoked by another process may work when the signal was lost, milliseconds. */
const staleMs = 5_000;

/**
 * Makes `identifyDevice`, which says which device a request comes from, by `Authorization: Bearer td_…` alone. Throws Problem 401
 * `unauthorized` when it is none of ours.
 */
export const createIdentifyDevice = ({ db, signals }: { db: Db; signals: Signals }) => {
  const devices = remember<DevicePrincipal>({ max: 20_000, ttlMs: staleMs });
  const stop = signals.on('access', () => devices.forget());
  const load = async (hash: Buffer): Promise<DevicePrincipal | null> => {
    const found = await findDevice(db, hash);
    if (!found) return null;
    // Its first use has ended the tokens it replaces: in every process, and on their open connections.
    if (found.ended) signals.raise('access');
    const { organizationId, deviceId, name } = found;
    return Object.freeze({ organizationId, deviceId, name, tokenHash: hash });
  };

  const find = async ({ headers }: Incoming): Promise<DevicePrincipal | null> => {
    const token = tokenShape.exec(headers.get('authorization') ?? '')?.[1];
    if (token === undefined) return null;
    const hash = sha256(token);
    return devices.get(hash.toString('latin1'), () => load(hash));
  };
  const identify = async (request: Incoming): Promise<DevicePrincipal> => {
    const found = await find(request);
    if (!found)
      throw new Problem(
        401,
        'unauthorized',
        'Send `Authorization: Bearer td_…` with the token this device got when it was paired; the console makes a new one.',
      );
    return found;
  };
  return Object.assign(identify, {
    /** The same, and null when it is none of ours. */
    find,
    stop,
  });
};
export type IdentifyDevice = ReturnType<typeof createIdentifyDevice>;
