import type { Session } from '@trunkline/contract';
import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import type { Principal } from './principal.ts';

type Organization = Session['organization'];

const most = 200;

const organizationsOf = (db: Db, { kind, userId, organizationId }: Principal): Promise<Organization[]> => {
  if (kind === 'admin')
    return db.query<Organization>(
      'select id, name, slug from organizations order by id = $1 desc, name, id limit $2',
      [organizationId, most],
    );
  if (kind === 'key')
    return db.query<Organization>('select id, name, slug from organizations where id = $1', [organizationId]);
  return db.query<Organization>(
    `select o.id, o.name, o.slug from members m join organizations o on o.id = m.organization_id
     where m.user_id = $1 order by o.id = $2 desc, o.name, o.id limit $3`,
    [userId, organizationId, most],
  );
};

/**
 * GET /v1/session: the principal, its organization and those it may switch to (at most 200, its own first).
 * Throws Problem 401 `signed_out` for nobody.
 */
export const session = async (
  db: Db,
  principal: Principal | null,
  simulatorUrl: string | null,
): Promise<Session> => {
  if (principal === null) throw new Problem(401, 'signed_out', 'Nobody is signed in.');
  const [organizations, users] = await Promise.all([
    organizationsOf(db, principal),
    db.query<{ id: string; name: string; email: string }>('select id, name, email from users where id = $1', [
      principal.userId,
    ]),
  ]);
  const organization = organizations.find(({ id }) => id === principal.organizationId);
  if (!organization) throw new Problem(401, 'signed_out', 'You are no longer a member of the organization.');
  return { user: users[0] ?? null, organization, organizations, role: principal.role, simulatorUrl };
};
