import type { IncomingMessage } from 'node:http';
import { outlastDatabase } from '../../../base/database-away.ts';
import { countPending } from '../../../store/relay-poll.ts';
import { answerOf, patienceMs, readWebhook } from '../../webhooks.ts';
import { readNumber } from './read-number.ts';
import type { RelayParts } from './relay-parts.ts';
import { refuse, say } from './say.ts';

/**
 * POST /webhook/sms/{number}: the provider's request, taken by the one way in. A signed one gets TwiML. An unsigned one, which only demo
 * mode lets in from this machine, gets what the first relay answered: 404 while nobody is registered, though the text is kept.
 */
export const createWebhook =
  ({ db, directory, receive }: RelayParts) =>
  async (incoming: IncomingMessage): Promise<Response> => {
    const account = (await outlastDatabase(patienceMs, () => directory.account(null)))!;
    const webhook = await readWebhook('inbound', account, incoming);
    const unsigned = webhook.signature === null;
    const to = webhook.params.get('To');
    if (unsigned) {
      // What people type: without the +, or with one that the form has turned into a space.
      for (const end of ['From', 'To'])
        webhook.params.set(end, readNumber(webhook.params.get(end) ?? '') ?? webhook.params.get(end) ?? '');
      webhook.rawBody = webhook.params.toString();
    }
    const answer = await outlastDatabase(patienceMs, () => receive.receive(webhook));
    if (!unsigned) return answerOf('inbound', answer);
    if (answer.kind === 'forbidden')
      return refuse(
        403,
        'The request is not signed. Only demo mode lets such in, and only from this machine.',
      );
    const unknown = () => refuse(404, `No Duck instance registered for ${to?.trim() || 'None'}`);
    if (answer.kind === 'refused') return to?.trim() ? refuse(400, answer.detail) : unknown();
    const phoneNumber = readNumber(to ?? '');
    const number = phoneNumber === null ? null : await directory.number(account.id, phoneNumber);
    const device = number?.responder === 'device' ? number.devices[0] : undefined;
    if (!number || !device) return unknown();
    const queue = { organizationId: number.organizationId, deviceId: device.id, numberId: number.id };
    return say(200, {
      status: 'queued',
      duck: device.name,
      queue_size: await countPending(db, queue),
    });
  };
