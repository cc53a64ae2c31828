import { acceptedMessageSchema } from '@trunkline/contract';
import {
  deviceMessageSchema,
  deviceTextSchema,
  deviceTextsSchema,
  deviceToDeviceSchema,
  nackSchema,
  textStatusSchema,
} from '@trunkline/contract/device';
import { z } from 'zod';
import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { newId } from '../../base/ids.ts';
import type { Signals } from '../../base/signals.ts';
import type { Accept } from '../../outbound/accept.ts';
import type { Line } from '../../responders/device/line.ts';
import { pollTexts } from '../../responders/device/poll.ts';
import { sendReply } from '../../responders/device/send-reply.ts';
import { streamTexts } from '../../responders/device/stream.ts';
import { writeTexts } from '../../store/device-texts/write.ts';
import { deviceByName } from '../../store/devices.ts';
import { ok, type Route, route } from '../route.ts';

const noText = () => new Problem(404, 'not_found', 'This device has no such text.');

/** A place in what a device was handed, as it comes back from it. */
const placeOf = (cursor: string | null | undefined): number | null => {
  if (cursor === null || cursor === undefined || cursor === '') return null;
  if (!/^\d{1,15}$/.test(cursor))
    throw new Problem(400, 'invalid_cursor', 'The cursor is not one that a text or a poll came with.');
  return Number(cursor);
};

type Parts = {
  db: Db;
  signals: Signals;
  accept: Accept;
  line: Line;
  mediaUrl: (id: string) => string;
};

/** What a device calls, with its token: see contract/device.ts and docs/devices.md. */
export const deviceProtocolRoutes = ({ db, signals, accept, line, mediaUrl }: Parts): Route[] => [
  route({
    method: 'get',
    path: '/v1/device/stream',
    who: 'device',
    summary: 'Get texts as they come (SSE), from Last-Event-ID on',
    answers: {
      status: 200,
      schema: deviceTextSchema,
      description: 'text/event-stream; each `event: text` has a text as `data`.',
    },
    handler: ({ device, request, signal }) =>
      new Response(
        streamTexts(line, device, placeOf(request.headers.get('last-event-id')), signal, mediaUrl),
        {
          headers: {
            'content-type': 'text/event-stream',
            'cache-control': 'no-store',
            'x-accel-buffering': 'no',
          },
        },
      ),
  }),
  route({
    method: 'get',
    path: '/v1/device/texts',
    who: 'device',
    summary: 'Get texts, waiting for the first one',
    query: z.object({
      cursor: z.string().optional(),
      wait: z.coerce.number().min(0).max(60).default(0),
    }),
    answers: { status: 200, schema: deviceTextsSchema, description: 'The texts, none if none came in time.' },
    handler: async ({ device, query, signal }) =>
      ok(await pollTexts(line, device, placeOf(query.cursor), query.wait * 1_000, signal, mediaUrl)),
  }),
  route({
    method: 'post',
    path: '/v1/device/texts/{id}/ack',
    who: 'device',
    summary: 'Say that a text is done: it is never offered again',
    answers: { status: 200, schema: textStatusSchema, description: 'It is taken.' },
    handler: async ({ device, id }) => {
      if (!(await line.ack({ organizationId: device.organizationId, deviceId: device.deviceId, id })))
        throw noText();
      return ok({ status: 'taken' });
    },
  }),
  route({
    method: 'post',
    path: '/v1/device/texts/{id}/nack',
    who: 'device',
    summary: 'Say that a text failed: it is offered again later, and in the end a dead letter',
    body: nackSchema,
    answers: { status: 200, schema: textStatusSchema, description: 'What became of it.' },
    handler: async ({ device, id, body }) => {
      const { organizationId, deviceId } = device;
      const status = await line.nack({ organizationId, deviceId, id }, body.reason);
      if (status === null) throw noText();
      return ok({ status });
    },
  }),
  route({
    method: 'post',
    path: '/v1/device/heartbeat',
    who: 'device',
    summary: 'Say that the device is there',
    answers: { status: 204, description: 'Noted.' },
    handler: ({ device }) => {
      line.heartbeat(device.organizationId, device.deviceId);
      return { status: 204 };
    },
  }),
  route({
    method: 'post',
    path: '/v1/device/messages',
    who: 'device',
    summary: "Answer a text, or send one from a number of the device's own",
    body: deviceMessageSchema,
    answers: {
      status: 202,
      schema: acceptedMessageSchema,
      description: 'Durably in the queue; what becomes of it is on its record.',
    },
    handler: async ({ device, body }) => ({
      status: 202,
      body: await sendReply({ db, accept }, device, body),
    }),
  }),
  route({
    method: 'post',
    path: '/v1/device/devices/{name}/texts',
    who: 'device',
    summary: 'Send a text to another device of the organization, without the phone network',
    body: deviceToDeviceSchema,
    answers: { status: 202, schema: z.object({ id: z.uuid() }), description: 'In the queue of that device.' },
    handler: async ({ device, name, body }) => {
      const { organizationId } = device;
      const to = await deviceByName(db, organizationId, name);
      if (!to) throw new Problem(404, 'not_found', 'There is no device of this name.');
      if (to.overLimit)
        throw new Problem(
          429,
          'queue_full',
          `${to.name} has too many texts waiting already. Try again later.`,
        );
      const id = newId();
      const text = { organizationId, deviceId: to.id, id, from: device.name, to: to.name };
      await writeTexts(db, [{ ...text, body: body.body, mediaUrls: [] }]);
      signals.raise('device', [to.id]);
      return { status: 202, body: { id } };
    },
  }),
];
