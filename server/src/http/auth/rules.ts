import { APIError, createAuthMiddleware, getSessionFromCtx } from 'better-auth/api';
import { now } from '../../base/clock.ts';
import type { Database } from '../../base/db.ts';
import { isId } from '../../base/ids.ts';

const idFields = ['id', 'organizationId', 'invitationId', 'memberId', 'userId'];

const refuse = (status: 'BAD_REQUEST' | 'FORBIDDEN', code: string, message: string): never => {
  throw new APIError(status, { code, message });
};

/** What is not an id can't be compared with a uuid column: it is refused here and not by the database. */
const checkIds = (fields: Record<string, unknown>) => {
  for (const name of idFields) {
    const value = fields[name];
    if (typeof value === 'string' && !isId(value))
      refuse('BAD_REQUEST', 'INVALID_ID', `${name} is not an id.`);
  }
  const either = fields.memberIdOrEmail;
  if (typeof either === 'string' && !either.includes('@') && !isId(either))
    refuse('BAD_REQUEST', 'INVALID_ID', 'memberIdOrEmail is neither an id nor an e-mail address.');
};

const checkRole = (role: unknown, allowed: string[], message: string) => {
  if (typeof role !== 'string' || !allowed.includes(role)) refuse('BAD_REQUEST', 'INVALID_ROLE', message);
};

/**
 * What better-auth leaves open and we close, before any of its endpoints runs:
 * - Sign-up is for the recipient of a pending invitation who has its link. No e-mail is ever sent, so the id in the link is the
 *   only proof; without it a stranger who knows who was invited could take that person's account first.
 * - Invitations make admins and members. An owner is made of a member by an owner: otherwise an admin, who sees the links, could
 *   use one for an owner.
 * - Only owners and admins see the list of invitations, since each id in it is a way in.
 */
export const authRules = (db: Database) => {
  const checkInvited = async (email: unknown, invitationId: unknown) => {
    const [found] =
      typeof email === 'string' && typeof invitationId === 'string'
        ? await db.query(
            `select 1 from invitations where id = $1 and email = $2 and status = 'pending' and expires_at > $3`,
            [invitationId, email.toLowerCase(), now()],
          )
        : [];
    if (!found)
      refuse(
        'FORBIDDEN',
        'INVITATION_REQUIRED',
        'Sign-up is by invitation only: open the link of an invitation that was made for this e-mail address and has not expired.',
      );
  };

  const checkManages = async (userId: string, organizationId: unknown) => {
    const [member] = await db.query<{ role: string }>(
      'select role from members where user_id = $1 and organization_id = $2',
      [userId, organizationId],
    );
    if (member?.role !== 'owner' && member?.role !== 'admin')
      refuse('FORBIDDEN', 'FORBIDDEN', 'Only owners and admins see the invitations.');
  };

  return createAuthMiddleware(async (ctx) => {
    const body: Record<string, unknown> = ctx.body ?? {};
    const query: Record<string, unknown> = ctx.query ?? {};
    checkIds(body);
    checkIds(query);
    if (ctx.path === '/sign-up/email') await checkInvited(body.email, body.invitationId);
    if (ctx.path === '/organization/invite-member')
      checkRole(body.role, ['admin', 'member'], 'An invitation is for the role admin or member.');
    if (ctx.path === '/organization/update-member-role')
      checkRole(body.role, ['owner', 'admin', 'member'], 'A role is owner, admin or member.');
    if (ctx.path === '/organization/list-invitations') {
      const signedIn = await getSessionFromCtx(ctx);
      // Without a session the endpoint itself answers 401.
      if (signedIn)
        await checkManages(signedIn.user.id, query.organizationId || signedIn.session.activeOrganizationId);
    }
  });
};
