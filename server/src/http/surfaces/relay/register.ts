import type { Db } from '../../../base/db.ts';
import { newId } from '../../../base/ids.ts';
import { addNumber } from '../../../store/numbers.ts';
import { lockNames, register } from '../../../store/relay-register.ts';
import { findRelayNumber, type RelayNumber } from '../../../store/relay-registry.ts';
import type { AskedNumber } from './find-number.ts';
import type { RelayParts } from './relay-parts.ts';
import { replayUnknown } from './replay-unknown.ts';
import { notOpen } from './say.ts';

/** What a client says of itself. */
export type Client = { name: string; ip: string };

/**
 * Makes the function that registers a client for a number it may have. A number that is not here yet is made on the account of the
 * settings, owned at the simulator in demo mode, and gets what came for it meanwhile.
 * @returns the number with the client as its device.
 */
export const createRegister = (parts: RelayParts) => {
  const { db, directory, log, ownNumber } = parts;

  /** The number in the transaction that registers for it, made where it isn't there: no text may come to it in between. */
  const findOrMake = async (tx: Db, { organizationId, phoneNumber }: AskedNumber): Promise<RelayNumber> => {
    const found = await findRelayNumber(tx, organizationId, phoneNumber);
    if (found) return found;
    const account = (await directory.account(null))!;
    const messagingServiceSid = null;
    const number = {
      id: newId(),
      organizationId,
      providerAccountId: account.id,
      phoneNumber,
      messagingServiceSid,
    };
    await addNumber(tx, { ...number, assistantId: null });
    return { numberId: number.id, organizationId, responder: 'inbox', paired: false, device: null };
  };

  return async (asked: AskedNumber, client: Client): Promise<RelayNumber> => {
    const { organizationId, phoneNumber } = asked;
    const number = await db.transaction(async (tx) => {
      await lockNames(tx, organizationId);
      const found = await findOrMake(tx, asked);
      // Somebody may have paired a device meanwhile.
      if (found.paired) throw notOpen();
      return { ...found, responder: 'device', device: await register(tx, found, client) };
    });
    directory.changed();
    if (!asked.known) {
      await ownNumber?.(phoneNumber).catch((error: unknown) =>
        log.warn({ error }, 'the simulator did not take a number that a device registered'),
      );
      await replayUnknown(parts, organizationId, phoneNumber);
    }
    return number;
  };
};
export type Register = ReturnType<typeof createRegister>;
