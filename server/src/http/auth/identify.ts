import { timingSafeEqual } from 'node:crypto';
import type { Database } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { isId } from '../../base/ids.ts';
import { sha256 } from '../../base/secrets.ts';
import { onRevoked } from './api-keys.ts';
import { type Auth, sessionCookie } from './auth.ts';
import { firstOrganization } from './first-organization.ts';
import { type FoundKey, findKey, noteUse } from './key-use.ts';
import { findMember } from './member.ts';
import { fromOwnPage, type Incoming } from './origins.ts';
import type { Principal } from './principal.ts';
import { remember } from './remember.ts';

const keyShape = /^tl_[A-Za-z0-9_-]{43}$/;
const bearer = /^bearer +(\S+) *$/i;
const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Makes `identify`, which says who a request comes from: `Authorization: Bearer` with the admin token or an API key, else the
 * console's session cookie. It answers at once, without a promise, for whom it saw in the last `staleMs`; null means nobody we know.
 * A bearer that is not ours is nobody, even with a cookie. Throws Problem 403 `cross_origin` for a change by cookie from a page
 * that is not ours, 403 `forbidden` when `Trunkline-Organization` names another organization than the caller's, 404
 * `organization_not_found` when the admin token names none of ours.
 */
export const createIdentify = ({
  db,
  auth,
  adminToken,
  staleMs = 5000,
}: {
  db: Database;
  auth: Auth;
  adminToken: string;
  staleMs?: number;
}) => {
  const adminHash = sha256(adminToken);
  const keys = remember<FoundKey>({ max: 2000, ttlMs: staleMs });
  const users = remember<Principal>({ max: 2000, ttlMs: staleMs });
  const admins = remember<Principal>({ max: 2000, ttlMs: staleMs });
  const stopHearing = [onRevoked(keys.forget), auth.onChange(users.forget)];

  const admin = (named: string | null) => {
    const wanted = named?.toLowerCase() ?? '';
    const load = async (): Promise<Principal | null> => {
      let organizationId: string | null = null;
      if (wanted === '') organizationId = await firstOrganization(db);
      else if (isId(wanted)) {
        const [row] = await db.query<{ id: string }>('select id from organizations where id = $1', [wanted]);
        organizationId = row?.id ?? null;
      }
      if (organizationId === null)
        throw new Problem(404, 'organization_not_found', 'There is no such organization.');
      return { organizationId, kind: 'admin', userId: null, role: 'owner', name: 'Admin token' };
    };
    return admins.get(wanted, load);
  };

  const ownOrganization = (principal: Principal, { headers }: Incoming): Principal => {
    const named = headers.get('trunkline-organization');
    if (named !== null && named.toLowerCase() !== principal.organizationId)
      throw new Problem(403, 'forbidden', '`Trunkline-Organization` names an organization other than yours.');
    return principal;
  };

  const used = (found: FoundKey | null, request: Incoming): Principal | null => {
    if (found === null) return null;
    noteUse(db, found);
    return ownOrganization(found.principal, request);
  };

  const byToken = (token: string, request: Incoming) => {
    const hash = sha256(token);
    if (timingSafeEqual(hash, adminHash)) return admin(request.headers.get('trunkline-organization'));
    if (!keyShape.test(token)) return null;
    const found = keys.get(hash.toString('latin1'), () => findKey(db, hash));
    return found instanceof Promise ? found.then((key) => used(key, request)) : used(found, request);
  };

  const atConsole = (principal: Principal | null, request: Incoming): Principal | null => {
    if (principal === null) return null;
    if (!safe.has(request.method) && !fromOwnPage(request, auth.origins))
      throw new Problem(
        403,
        'cross_origin',
        'A change with a session cookie must come from a page of this server. Programs send `Authorization: Bearer <key>` instead.',
      );
    return ownOrganization(principal, request);
  };

  const byCookie = (cookie: string, request: Incoming) => {
    const load = async () => {
      const signedIn = await auth.signedIn(new Headers({ cookie }));
      return signedIn && findMember(db, signedIn);
    };
    // The whole header is the key, hashed to a fixed length: which of several cookies counts is better-auth's to say.
    const found = users.get(sha256(cookie).toString('latin1'), load);
    return found instanceof Promise
      ? found.then((principal) => atConsole(principal, request))
      : atConsole(found, request);
  };

  const identify = (request: Incoming): Principal | null | Promise<Principal | null> => {
    const token = bearer.exec(request.headers.get('authorization') ?? '')?.[1];
    if (token !== undefined) return byToken(token, request);
    const cookie = request.headers.get('cookie');
    return cookie?.includes(sessionCookie) ? byCookie(cookie, request) : null;
  };

  return Object.assign(identify, {
    /** Forgets everybody: after another process changed who may do what. */
    forget() {
      for (const kept of [keys, users, admins]) kept.forget();
    },
    /** Stops hearing of revoked keys and changed sessions. */
    stop() {
      for (const stop of stopHearing) stop();
    },
  });
};

export type Identify = ReturnType<typeof createIdentify>;
