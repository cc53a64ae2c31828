import { useSuspenseQuery } from '@tanstack/react-query';
import type { Session } from '@trunkline/contract';
import { sessionQuery } from '../api/queries.ts';

/** Who is signed in, and where. Only for rooms behind sign-in, where it has been fetched. */
export const useSession = (): Session => useSuspenseQuery(sessionQuery).data;
