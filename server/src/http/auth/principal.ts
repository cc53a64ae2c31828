import { Problem } from '../../base/errors.ts';

export type Role = 'owner' | 'admin' | 'member';

/** Who a request comes from, and the one organization it may touch. */
export type Principal = {
  organizationId: string;
  kind: 'admin' | 'key' | 'user';
  userId: string | null;
  role: Role;
  name: string;
};

/** Who may call a route, from everybody to the owner; each includes those after it. */
export type Who = 'public' | 'member' | 'admin' | 'owner';

const rank: Record<Who, number> = { public: 0, member: 1, admin: 2, owner: 3 };

const refusals: Record<Exclude<Who, 'public'>, string> = {
  member: 'This is for members of the organization.',
  admin: 'This needs the role admin or owner in the organization.',
  owner: 'This needs the role owner in the organization.',
};

/**
 * Lets a principal pass or throws: Problem 401 `unauthorized` when nobody is known, 403 `forbidden` when the role does not reach.
 * The admin token is an owner, an API key an admin.
 */
export function may(principal: Principal | null, who: Exclude<Who, 'public'>): asserts principal is Principal;
export function may(principal: Principal | null, who: Who): void;
export function may(principal: Principal | null, who: Who): void {
  if (who === 'public') return;
  if (principal === null)
    throw new Problem(401, 'unauthorized', 'Send `Authorization: Bearer <key>` or sign in.');
  if (rank[principal.role] < rank[who]) throw new Problem(403, 'forbidden', refusals[who]);
}

/**
 * As `may(principal, 'admin')`, and refuses API keys with 403 `forbidden`: for managing keys and members, so that a leaked key can't
 * make itself a successor.
 */
export function mayManageAccess(principal: Principal | null): asserts principal is Principal {
  may(principal, 'admin');
  if (principal.kind === 'key')
    throw new Problem(
      403,
      'forbidden',
      'API keys cannot manage keys or members: sign in as owner or admin, or use the admin token.',
    );
}
