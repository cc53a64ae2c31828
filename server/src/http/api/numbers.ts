import { changeNumberSchema, numberSchema, type PhoneNumber, pageSchema } from '@trunkline/contract';
import { z } from 'zod';
import type { Database } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { newId } from '../../base/ids.ts';
import { parseSender } from '../../base/phone.ts';
import { inboundUrl, statusUrl } from '../../outbound/callback-url.ts';
import type { Directory } from '../../store/directory.ts';
import { addNumber, changeResponder, listNumbers, numberById, type OwnNumber } from '../../store/numbers.ts';
import { ok, type Route, route } from '../route.ts';

const missing = () => new Problem(404, 'not_found', 'There is no such number.');

const newNumberSchema = z.strictObject({
  phoneNumber: z.string().max(64),
  providerAccountId: z.uuid(),
  messagingServiceSid: z
    .string()
    .regex(/^MG[0-9a-f]{32}$/, 'A Messaging Service SID is MG and 32 lower-case hexadecimal digits.')
    .optional(),
});

type Parts = {
  db: Database;
  directory: Directory;
  publicUrl: string;
  statusCallbackUrl: string | null;
};

export const numberRoutes = ({ db, directory, publicUrl, statusCallbackUrl }: Parts): Route[] => {
  const present = async (number: OwnNumber): Promise<PhoneNumber> => {
    const account = (await directory.accountById(number.providerAccountId))!;
    return {
      id: number.id,
      phoneNumber: number.phoneNumber,
      provider: account.provider,
      responder: {
        kind: number.responder,
        assistantId: number.assistantId,
        name:
          number.responder === 'device'
            ? number.devices.map((device) => device.name).join(', ') || 'No device yet'
            : (number.assistantName ?? 'Inbox'),
      },
      devices: number.devices,
      webhookUrl: inboundUrl(publicUrl, account),
      statusCallbackUrl: statusUrl(publicUrl, account, statusCallbackUrl),
      createdAt: number.createdAt.toISOString(),
    };
  };

  return [
    route({
      method: 'get',
      path: '/v1/numbers',
      who: 'member',
      summary: 'List the numbers and what answers them',
      answers: { status: 200, schema: pageSchema(numberSchema), description: 'All numbers.' },
      handler: async ({ principal }) => {
        const numbers = await listNumbers(db, principal.organizationId);
        return ok({ data: await Promise.all(numbers.map(present)), nextCursor: null });
      },
    }),
    route({
      method: 'post',
      path: '/v1/numbers',
      who: 'admin',
      summary: 'Add a number of a provider account',
      body: newNumberSchema,
      answers: { status: 201, schema: numberSchema, description: 'The number; the inbox answers it.' },
      handler: async ({ principal, body }) => {
        const sender = parseSender(body.phoneNumber);
        if (!sender.ok)
          throw new Problem(400, 'invalid_request', sender.problem, [
            { path: 'phoneNumber', message: sender.problem },
          ]);
        const account = await directory.accountById(body.providerAccountId);
        if (account?.organizationId !== principal.organizationId)
          throw new Problem(404, 'not_found', 'There is no such provider account.');
        const id = newId();
        try {
          await addNumber(db, {
            id,
            organizationId: principal.organizationId,
            providerAccountId: account.id,
            phoneNumber: sender.address,
            messagingServiceSid: body.messagingServiceSid ?? null,
            assistantId: null,
          });
        } catch (error) {
          if ((error as { code?: string }).code === '23505')
            throw new Problem(409, 'number_exists', 'The account has this number already.');
          throw error;
        }
        directory.changed();
        return { status: 201, body: await present((await numberById(db, principal.organizationId, id))!) };
      },
    }),
    route({
      method: 'patch',
      path: '/v1/numbers/{id}',
      who: 'admin',
      summary: 'Say what answers a number',
      body: changeNumberSchema,
      answers: { status: 200, schema: numberSchema, description: 'The number as it is now.' },
      handler: async ({ principal, id, body }) => {
        if (!(await numberById(db, principal.organizationId, id))) throw missing();
        if (!(await changeResponder(db, principal.organizationId, id, body.responder)))
          throw new Problem(404, 'not_found', 'There is no such assistant.');
        directory.changed();
        return ok(await present((await numberById(db, principal.organizationId, id))!));
      },
    }),
  ];
};
