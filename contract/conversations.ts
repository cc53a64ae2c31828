import { z } from 'zod';
import { messageStatusSchema } from './messages.ts';

export const conversationSchema = z.object({
  id: z.uuid(),
  number: z.object({ id: z.uuid(), phoneNumber: z.string() }),
  contact: z.object({ id: z.uuid(), phoneNumber: z.string(), name: z.string().nullable() }),
  lastMessage: z
    .object({
      id: z.uuid(),
      direction: z.enum(['inbound', 'outbound']),
      status: messageStatusSchema,
      body: z.string(),
      at: z.iso.datetime(),
    })
    .nullable(),
  createdAt: z.iso.datetime(),
  lastMessageAt: z.iso.datetime(),
});
export type Conversation = z.infer<typeof conversationSchema>;
