import { findRelayNumber, isForeign, type RelayNumber } from '../../../store/relay-registry.ts';
import { readNumber } from './read-number.ts';
import type { RelayParts } from './relay-parts.ts';
import { notOpen } from './say.ts';
import type { Asker } from './who-may.ts';

/** A number as an asker may know it. */
export type AskedNumber = {
  phoneNumber: string;
  organizationId: string;
  /** null: nobody has this number here. */
  known: RelayNumber | null;
  /** Listed in RELAY_OPEN_NUMBERS. */
  listed: boolean;
};

/**
 * Makes the function that looks a number up for an asker without a token. It throws Problem 401 when the number is not open to them:
 * not listed (nor asked for in demo mode), of another organization, or answered by a device that has a token.
 */
export const createFindNumber =
  ({ db, directory, openNumbers }: RelayParts) =>
  async (asker: Asker, text: string): Promise<AskedNumber> => {
    const phoneNumber = readNumber(text);
    const listed = phoneNumber !== null && openNumbers.includes(phoneNumber);
    if (!listed && asker.kind !== 'demo') throw notOpen();
    const { organizationId } = (await directory.account(null))!;
    const known = phoneNumber === null ? null : await findRelayNumber(db, organizationId, phoneNumber);
    if (known?.paired) throw notOpen();
    if (!known && phoneNumber !== null && (await isForeign(db, organizationId, phoneNumber))) throw notOpen();
    return { phoneNumber: phoneNumber ?? text, organizationId, known, listed };
  };
export type FindNumber = ReturnType<typeof createFindNumber>;
