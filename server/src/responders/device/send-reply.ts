import type { AcceptedMessage } from '@trunkline/contract';
import type { DeviceMessage } from '@trunkline/contract/device';
import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { parsePhone } from '../../base/phone.ts';
import type { Accept } from '../../outbound/accept.ts';
import { deviceText } from '../../store/device-texts/list.ts';
import { numbersOfDevice } from '../../store/devices.ts';

const invalid = (path: string, message: string) =>
  new Problem(400, 'invalid_request', message, [{ path, message }]);

/**
 * Sends what a device wrote through the one door out, from one of its own numbers. Throws Problem 400, 403, 404 or 409 that says what
 * is wrong.
 */
export const sendReply = async (
  { db, accept }: { db: Db; accept: Accept },
  device: { organizationId: string; deviceId: string; name: string },
  { from, to, textId, body, mediaUrls }: DeviceMessage,
): Promise<AcceptedMessage> => {
  const { organizationId, deviceId } = device;
  const numbers = await numbersOfDevice(db, organizationId, deviceId);
  const text = {
    organizationId,
    author: 'device' as const,
    metadata: { device: device.name },
    ...(body !== undefined && { body }),
    ...(mediaUrls !== undefined && { mediaUrls }),
  };
  if (textId !== undefined) {
    if (to !== undefined || from !== undefined)
      throw invalid('textId', 'Give either textId, or to and from.');
    const answered = await deviceText(db, organizationId, deviceId, textId);
    if (!answered) throw new Problem(404, 'not_found', 'This device has no such text.');
    if (answered.conversationId === null)
      throw invalid(
        'textId',
        'That text came from a device: answer it at /v1/device/devices/{name}/texts, with the name it came from.',
      );
    if (!numbers.some((one) => one.id === answered.numberId))
      throw new Problem(403, 'forbidden', 'This device is no longer on the number that text was sent to.');
    return accept.accept({ ...text, conversationId: answered.conversationId });
  }
  if (to === undefined) throw invalid('to', 'Give to or textId.');
  if (numbers.length === 0)
    throw new Problem(
      409,
      'no_number',
      'This device has no number to send from: give it one in the console.',
    );
  if (from === undefined) return accept.accept({ ...text, to, from: numbers[0]!.phoneNumber });
  const parsed = parsePhone(from);
  const wanted = parsed.ok ? parsed.e164 : from;
  if (!numbers.some((one) => one.phoneNumber === wanted))
    throw invalid('from', 'This is not a number of this device.');
  return accept.accept({ ...text, to, from: wanted });
};
