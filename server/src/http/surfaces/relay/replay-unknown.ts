import { listUnknownNumber, markReplayed } from '../../../store/quarantine.ts';
import { readNumber } from './read-number.ts';
import type { RelayParts } from './relay-parts.ts';

/** Takes the texts again that came for a number before it was here, the oldest first. */
export const replayUnknown = async (
  { db, receive, log }: RelayParts,
  organizationId: string,
  phoneNumber: string,
): Promise<void> => {
  for (const kept of await listUnknownNumber(db, organizationId)) {
    if (readNumber(new URLSearchParams(kept.rawBody).get('To') ?? '') !== phoneNumber) continue;
    const { ok } = await receive.replay(kept);
    if (ok) await markReplayed(db, organizationId, kept.id);
    else
      log.warn(
        { id: kept.id },
        'a text that came before its number could not be taken; it stays in quarantine',
      );
  }
};
