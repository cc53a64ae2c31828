import { z } from 'zod';

export const responderKindSchema = z.enum(['assistant', 'device', 'inbox']);
export type ResponderKind = z.infer<typeof responderKindSchema>;

export const numberSchema = z.object({
  id: z.uuid(),
  phoneNumber: z.string(),
  provider: z.string(),
  /** What answers texts to this number. */
  responder: z.object({ kind: responderKindSchema, assistantId: z.uuid().nullable(), name: z.string() }),
  /** The devices on it, which get its texts when the responder is `device`. */
  devices: z.array(z.object({ id: z.uuid(), name: z.string() })),
  /** The address to set at the provider for incoming texts, and the one for delivery receipts. */
  webhookUrl: z.string(),
  statusCallbackUrl: z.string(),
  createdAt: z.iso.datetime(),
});
export type PhoneNumber = z.infer<typeof numberSchema>;

/** Body of PATCH /v1/numbers/{id}. */
export const changeNumberSchema = z.strictObject({
  responder: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('assistant'), assistantId: z.uuid() }),
    // Its devices get the texts: pair one, or put one on the number. Texts wait for the first.
    z.strictObject({ kind: z.literal('device') }),
    z.strictObject({ kind: z.literal('inbox') }),
  ]),
});

export const assistantSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  instructions: z.string(),
  /** The model that answers, as `provider/model`; `demo` is the built-in one of plain rules. */
  model: z.string(),
  createdAt: z.iso.datetime(),
});
export type Assistant = z.infer<typeof assistantSchema>;
