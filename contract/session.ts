import { z } from 'zod';

/** GET /v1/session: who is signed in, or 401 with code `signed_out`. */
export const sessionSchema = z.object({
  user: z.object({ id: z.string(), name: z.string(), email: z.string() }).nullable(),
  organization: z.object({ id: z.uuid(), name: z.string(), slug: z.string() }),
  organizations: z.array(z.object({ id: z.uuid(), name: z.string(), slug: z.string() })),
  role: z.string(),
  /** Demo mode: the simulator's address for the browser; null with a real provider. */
  simulatorUrl: z.string().nullable(),
});
export type Session = z.infer<typeof sessionSchema>;
