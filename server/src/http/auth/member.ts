import type { Db } from '../../base/db.ts';
import type { SignedIn } from './auth.ts';
import type { Principal, Role } from './principal.ts';

/**
 * Who a signed-in user is now: a member of the session's active organization, or, when it has none or the user was removed from
 * it, of the first one they belong to. Null for a user without any.
 */
export const findMember = async (db: Db, user: SignedIn): Promise<Principal | null> => {
  const [row] = await db.query<{ organization_id: string; role: Role }>(
    `select organization_id, role from members where user_id = $1
     order by organization_id is not distinct from $2 desc, created_at, id limit 1`,
    [user.userId, user.activeOrganizationId],
    'find member',
  );
  if (!row) return null;
  return Object.freeze({
    organizationId: row.organization_id,
    kind: 'user' as const,
    userId: user.userId,
    role: row.role,
    name: user.name,
  });
};
