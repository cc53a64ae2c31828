import { pageQuerySchema, pageSchema } from '@trunkline/contract';
import {
  changeDeviceSchema,
  deviceQueueEntrySchema,
  deviceSchema,
  deviceTokenSchema,
  newDeviceSchema,
  pairedDeviceSchema,
  replayedSchema,
  replaySchema,
} from '@trunkline/contract/device';
import { z } from 'zod';
import type { Database } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import type { Signals } from '../../base/signals.ts';
import { adoptTexts } from '../../store/device-texts/adopt.ts';
import { listDeviceTexts } from '../../store/device-texts/list.ts';
import { replayTexts } from '../../store/device-texts/replay.ts';
import { addDeviceToken, revokeDeviceTokens } from '../../store/device-tokens.ts';
import { changeDevice, deleteDevice, listDevices, pairDevice, readDevice } from '../../store/devices.ts';
import type { Directory } from '../../store/directory.ts';
import { ok, type Route, route } from '../route.ts';

type Parts = { db: Database; signals: Signals; directory: Directory; onlineSeconds: number };

/** Management of devices, for the console and the API. */
export const deviceRoutes = ({ db, signals, directory, onlineSeconds }: Parts): Route[] => {
  const found = async (organizationId: string, id: string) => {
    const device = await readDevice(db, organizationId, onlineSeconds, id);
    if (!device) throw new Problem(404, 'not_found', 'There is no such device.');
    return device;
  };
  /** Devices and numbers go together from now on, and texts that waited for that get their devices. */
  const attached = async (organizationId: string) => {
    directory.changed();
    const deviceIds = await adoptTexts(db, organizationId);
    if (deviceIds.length > 0) signals.raise('device', deviceIds);
    signals.raise('event');
  };

  return [
    route({
      method: 'get',
      path: '/v1/devices',
      who: 'member',
      summary: 'List the devices with their presence and queues',
      query: pageQuerySchema.extend({ cursor: z.uuid().optional() }),
      answers: {
        status: 200,
        schema: pageSchema(deviceSchema),
        description: 'A page of devices, the oldest first.',
      },
      handler: async ({ principal, query }) =>
        ok(await listDevices(db, principal.organizationId, onlineSeconds, query)),
    }),
    route({
      method: 'post',
      path: '/v1/devices',
      who: 'admin',
      summary: 'Pair a device: it answers these numbers from now on',
      body: newDeviceSchema,
      answers: {
        status: 201,
        schema: pairedDeviceSchema,
        description: 'The device, and its token, which is shown this once.',
      },
      handler: async ({ principal, body }) => {
        const { id, token } = await pairDevice(db, principal.organizationId, body);
        await attached(principal.organizationId);
        return { status: 201, body: { ...(await found(principal.organizationId, id)), token } };
      },
    }),
    route({
      method: 'get',
      path: '/v1/devices/{id}',
      who: 'member',
      summary: 'Get a device',
      answers: { status: 200, schema: deviceSchema, description: 'The device.' },
      handler: async ({ principal, id }) => ok(await found(principal.organizationId, id)),
    }),
    route({
      method: 'patch',
      path: '/v1/devices/{id}',
      who: 'admin',
      summary: 'Rename a device or say which numbers it is on',
      body: changeDeviceSchema,
      answers: { status: 200, schema: deviceSchema, description: 'The device as it is now.' },
      handler: async ({ principal, id, body }) => {
        await changeDevice(db, principal.organizationId, id, body);
        await attached(principal.organizationId);
        // Its name is in what a process knows of its token.
        if (body.name !== undefined) signals.raise('access');
        return ok(await found(principal.organizationId, id));
      },
    }),
    route({
      method: 'post',
      path: '/v1/devices/{id}/token',
      who: 'admin',
      summary: 'Make a new token; those before work until its first use, at most ten minutes',
      answers: {
        status: 201,
        schema: deviceTokenSchema,
        description: 'The token, which is shown this once.',
      },
      handler: async ({ principal, id }) => {
        const { access } = await found(principal.organizationId, id);
        if (access === 'open')
          throw new Problem(
            409,
            'device_open',
            'This is an old client, which knows no tokens. Pair a device of its own for the new protocol.',
          );
        return { status: 201, body: { token: await addDeviceToken(db, principal.organizationId, id) } };
      },
    }),
    route({
      method: 'delete',
      path: '/v1/devices/{id}/token',
      who: 'admin',
      summary: 'Revoke all tokens of a device at once; its texts wait until it has a new one',
      answers: { status: 204, description: 'It is shut out.' },
      handler: async ({ principal, id }) => {
        await found(principal.organizationId, id);
        await revokeDeviceTokens(db, principal.organizationId, id);
        signals.raise('access');
        return { status: 204 };
      },
    }),
    route({
      method: 'delete',
      path: '/v1/devices/{id}',
      who: 'admin',
      summary: 'Delete a device; texts it has not taken wait for the next one on their number',
      answers: { status: 204, description: 'It is gone.' },
      handler: async ({ principal, id }) => {
        if (!(await deleteDevice(db, principal.organizationId, id)))
          throw new Problem(404, 'not_found', 'There is no such device.');
        signals.raise('access');
        directory.changed();
        return { status: 204 };
      },
    }),
    route({
      method: 'get',
      path: '/v1/devices/{id}/texts',
      who: 'member',
      summary: 'List the texts of a device, the newest first',
      query: pageQuerySchema.extend({
        cursor: z.uuid().optional(),
        status: deviceQueueEntrySchema.shape.status.optional(),
      }),
      answers: {
        status: 200,
        schema: pageSchema(deviceQueueEntrySchema),
        description: 'A page of texts, all or those of one status.',
      },
      handler: async ({ principal, id, query }) => {
        await found(principal.organizationId, id);
        return ok(await listDeviceTexts(db, principal.organizationId, id, query, query));
      },
    }),
    route({
      method: 'post',
      path: '/v1/devices/{id}/replay',
      who: 'member',
      summary: 'Offer dead letters of a device anew',
      body: replaySchema,
      answers: { status: 200, schema: replayedSchema, description: 'How many are offered again.' },
      handler: async ({ principal, id, body }) => {
        await found(principal.organizationId, id);
        const { textIds = null } = body;
        const replayed = await replayTexts(db, principal.organizationId, id, textIds, principal.name);
        if (replayed > 0) {
          signals.raise('device', [id]);
          signals.raise('event');
        }
        return ok({ replayed });
      },
    }),
  ];
};
