import { type PhoneMessage, phoneTextSchema } from '@trunkline/contract/simulator';
import { z } from 'zod';
import { newSid } from '../ids.ts';
import { mediaUrl } from '../media-url.ts';
import { receive } from '../receive.ts';
import { show } from '../show.ts';
import { isPhoneNumber } from '../validity.ts';
import { type ControlAnswer, type ControlRequest, list, nothingHere, problem } from './answer.ts';
import { streamPhone } from './stream-phone.ts';

/** /simulator/phones, /phones/{number}, /phones/{number}/messages, /phones/{number}/events. */
export function phones(request: ControlRequest): ControlAnswer | Promise<ControlAnswer> {
  const { world, method, parts, query, body } = request;
  const [, given, resource] = parts;
  if (given === undefined) return method === 'GET' ? list(world.phones.all()) : nothingHere;
  const number = given.startsWith('+') ? given : `+${given.trim()}`;
  if (!isPhoneNumber(number)) return problem(400, 'invalid_number', 'A phone has a number in E.164 form.');
  if (resource === undefined && method === 'PUT') {
    const { label } = z.object({ label: z.string().default('') }).parse(body);
    return { status: 200, json: world.phones.label(number, label) };
  }
  if (resource === undefined && method === 'GET') {
    const phone = world.phones.get(number);
    return phone ? { status: 200, json: phone } : problem(404, 'not_found', 'This phone was never used.');
  }
  if (resource === 'messages' && method === 'GET')
    return list(world.phones.messages(number, query.get('with')));
  if (resource === 'messages' && method === 'POST') return text(request, number);
  if (resource === 'events' && method === 'GET') return streamPhone(request, number);
  return nothingHere;
}

/** The phone texts somebody. Answers at once, or with `wait=webhook` when the webhook's attempts ended. */
async function text({ world, body, query }: ControlRequest, from: string): Promise<ControlAnswer> {
  const sent = phoneTextSchema.parse(body);
  if (sent.body === '' && sent.media.length === 0) {
    return problem(400, 'empty', 'A text has a body or a picture.');
  }
  const media = sent.media.map(({ contentType, base64 }) => ({
    contentType,
    bytes: Buffer.from(base64, 'base64'),
    url: null,
  }));
  const received = receive(world, { from, to: sent.to, body: sent.body, media });
  const sid = received?.message.sid ?? newSid(media.length ? 'MM' : 'SM');
  const mediaUrls = received ? received.message.media.map((one) => mediaUrl(world, one)) : [];
  const shown: PhoneMessage = show(world, from, 'out', { sid, body: sent.body }, sent.to, mediaUrls);
  if (query.get('wait') !== 'webhook') return { status: 201, json: shown };
  return { status: 201, json: { ...shown, webhook: (await received?.webhook) ?? null } };
}
