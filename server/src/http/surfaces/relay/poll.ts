import { numbersOfDevice } from '../../../store/devices.ts';
import { findRelayNumber, type RelayNumber } from '../../../store/relay-registry.ts';
import type { FindNumber } from './find-number.ts';
import type { Connection, HandOut } from './hand-out.ts';
import { readNumber } from './read-number.ts';
import type { Register } from './register.ts';
import type { RelayParts } from './relay-parts.ts';
import { notOpen, refuse } from './say.ts';
import type { Asker, TokenDevice } from './who-may.ts';

/** GET /poll/{number}. */
export const createPoll = (
  { db, mediaUrl }: RelayParts,
  { findNumber, register, handOut }: { findNumber: FindNumber; register: Register; handOut: HandOut },
) => {
  const answer = (number: RelayNumber, deviceId: string, connection: Connection) => {
    const { organizationId, numberId } = number;
    return handOut.answer({ organizationId, deviceId, numberId }, connection, async (texts) => {
      const withMedia = texts.filter((text) => text.messageId !== null && text.mediaUrls.length > 0);
      const urls = await mediaUrl(
        organizationId,
        withMedia.map((text) => text.messageId!),
      );
      return texts.map((text) => ({
        from: text.from,
        to: text.to,
        // Never null: the client takes a picture without words apart as a string.
        message: text.body,
        media_url: urls.get(text.messageId ?? '') ?? text.mediaUrls[0] ?? null,
        sid: text.providerSid,
        timestamp: text.at,
        id: text.providerSid,
      }));
    });
  };

  const ofDevice = async (device: TokenDevice, text: string): Promise<RelayNumber> => {
    const phoneNumber = readNumber(text);
    const number = phoneNumber && (await findRelayNumber(db, device.organizationId, phoneNumber));
    const own = await numbersOfDevice(db, device.organizationId, device.id);
    if (!number || !own.some((one) => one.id === number.numberId)) throw notOpen();
    return number;
  };

  return async (asker: Asker, text: string, connection: Connection): Promise<Response> => {
    if (asker.kind === 'device')
      return answer(await ofDevice(asker.device, text), asker.device.id, connection);
    const asked = await findNumber(asker, text);
    let { known } = asked;
    // Clients register once, at their start: one that polls without having registered here did so at the relay before us.
    if (!known?.device && (asked.listed || known?.responder === 'device'))
      known = await register(asked, { name: asked.phoneNumber, ip: '' });
    if (!known?.device) return refuse(404, 'Not registered');
    return answer(known, known.device.id, connection);
  };
};
