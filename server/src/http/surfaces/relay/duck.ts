import { newId } from '../../../base/ids.ts';
import { noteOverLimit } from '../../../store/device-texts/note-over-limit.ts';
import { writeTexts } from '../../../store/device-texts/write.ts';
import { numbersOfDevice } from '../../../store/devices.ts';
import { findByName, findOrKeepName } from '../../../store/relay-names.ts';
import { countPending } from '../../../store/relay-poll.ts';
import type { Connection, HandOut } from './hand-out.ts';
import type { RelayParts } from './relay-parts.ts';
import { notOpen, refuse, say } from './say.ts';
import type { Asker } from './who-may.ts';

const longestName = 100;
const longestText = 16_000;
const longestUrl = 2048;
const filled = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** What one device writes to another, by name: POST /duck/send and GET /duck/poll/{name}. */
export const createDuck = (
  { db, directory, openNumbers, queueLimit, signals }: RelayParts,
  handOut: HandOut,
) => {
  /** The organization whose devices the asker may write to. */
  const organizationOf = async (asker: Asker): Promise<string> => {
    if (asker.kind === 'device') return asker.device.organizationId;
    if (asker.kind === 'stranger' && openNumbers.length === 0) throw notOpen();
    return (await directory.account(null))!.organizationId;
  };

  /** Open devices are open to whom their number is; one without a number to whom any is. */
  const isOpen = async (asker: Asker, organizationId: string, deviceId: string): Promise<boolean> => {
    if (asker.kind === 'demo') return true;
    const numbers = await numbersOfDevice(db, organizationId, deviceId);
    return numbers.length === 0 || numbers.some((number) => openNumbers.includes(number.phoneNumber));
  };

  return {
    async send(asker: Asker, body: Record<string, unknown>): Promise<Response> {
      const { from_duck: from, to_duck: to, message, media_url: media } = body;
      if (!filled(from) || !filled(to) || !filled(message))
        return refuse(400, 'Missing required fields: from_duck, to_duck, message');
      if (from.length > longestName || to.length > longestName || message.length > longestText)
        return refuse(400, `Names have at most ${longestName} characters, a message ${longestText}.`);
      if (media !== undefined && media !== null && (typeof media !== 'string' || media.length > longestUrl))
        return refuse(400, `media_url must be an address of at most ${longestUrl} characters.`);
      if ([from, to, message, media].some((text) => typeof text === 'string' && text.includes('\0')))
        return refuse(400, 'A text has no NUL characters.');

      const organizationId = await organizationOf(asker);
      const device = await findOrKeepName(db, organizationId, to);
      if (!device)
        return refuse(429, 'Too many names wait for a device of theirs: register the devices first.');
      // A device that is paired hears of strangers only through the devices that are open to them.
      if (device.access === 'token' && asker.kind === 'stranger') {
        const sender = await findByName(db, organizationId, from);
        if (sender?.access !== 'open' || !(await isOpen(asker, organizationId, sender.id))) throw notOpen();
      }
      const queue = { organizationId, deviceId: device.id, numberId: null };
      const pending = await countPending(db, queue);
      if (pending >= queueLimit)
        return refuse(429, `${queueLimit} texts wait for this device already (DEVICE_QUEUE_LIMIT).`);
      const mediaUrls = filled(media) ? [media] : [];
      await writeTexts(db, [
        { organizationId, deviceId: device.id, id: newId(), from, to, body: message, mediaUrls },
      ]);
      if (pending + 1 >= queueLimit) await noteOverLimit(db, [device.id], queueLimit);
      signals.raise('device', [device.id]);
      return say(200, { status: 'queued', from, to, queue_size: pending + 1 });
    },

    async poll(asker: Asker, name: string, connection: Connection): Promise<Response> {
      const organizationId = await organizationOf(asker);
      const device = name.includes('\0') ? null : await findByName(db, organizationId, name);
      if (!device) return say(200, { status: 'ok', messages: [], count: 0 });
      const own = asker.kind === 'device' && asker.device.id === device.id;
      if (!own && (device.access === 'token' || asker.kind === 'device')) throw notOpen();
      if (!own && !(await isOpen(asker, organizationId, device.id))) throw notOpen();
      const queue = { organizationId, deviceId: device.id, numberId: null };
      return handOut.answer(queue, connection, (texts) =>
        texts.map((text) => ({
          from_duck: text.from,
          to_duck: text.to,
          message: text.body,
          media_url: text.mediaUrls[0] ?? null,
          timestamp: text.at,
          id: `duck_${text.id}`,
        })),
      );
    },
  };
};
