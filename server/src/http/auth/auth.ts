import { betterAuth } from 'better-auth';
import { isAPIError } from 'better-auth/api';
import { organization, twoFactor } from 'better-auth/plugins';
import type { Database } from '../../base/db.ts';
import { newId } from '../../base/ids.ts';
import { firstOrganization } from './first-organization.ts';
import { ownOrigins } from './origins.ts';
import { authRules } from './rules.ts';
import { signInAs } from './sign-in-as.ts';
import {
  accountTable,
  organizationTables,
  sessionTable,
  twoFactorTables,
  userTable,
  verificationTable,
} from './tables.ts';

export const passwordLength = { min: 10, max: 128 };

/** Every cookie's name contains this; on https it has the prefix `__Secure-`. */
export const sessionCookie = 'trunkline.session_token';

// Set by us on every request to better-auth and taken from none.
const clientIpHeader = 'trunkline-client-ip';

/** Signed in, by a session cookie; the organization may have become null or one the user was removed from. */
export type SignedIn = { userId: string; name: string; activeOrganizationId: string | null };

export type Auth = {
  /**
   * Answers everything under /api/auth/. `clientIp` is the address that rate limits count by: the socket's, or what a trusted proxy
   * says. Headers of the request are never believed; without it all callers share one count.
   */
  handler(request: Request, clientIp?: string): Promise<Response>;
  /** Who a session cookie belongs to, from the database; null for none, an expired or a forged one. */
  signedIn(headers: Headers): Promise<SignedIn | null>;
  /** Prolongs a session that is older than a day. Returns the Set-Cookie headers to answer with, mostly none. */
  prolong(headers: Headers): Promise<string[]>;
  /** Signs a user in without a password. Returns the Set-Cookie headers. */
  signInAs(userId: string, headers: Headers): Promise<string[]>;
  hashPassword(password: string): Promise<string>;
  /** Calls `heard` after anything under /api/auth/ may have changed who somebody is. Returns how to stop. */
  onChange(heard: () => void): () => void;
  origins: string[];
  demo: boolean;
};

/**
 * Console users, their sessions, organizations and second factor, by better-auth on our own tables. It calls nobody: no telemetry, no
 * e-mail. An invitation is a link that the console shows to whoever made it (the invitation's id is its secret) and that
 * is handed over by hand.
 * @param options.report is told of errors that are not answers to a caller.
 */
export const createAuth = (options: {
  db: Database;
  publicUrl: string;
  secret: string;
  trustedOrigins?: string[];
  demo: boolean;
  report?: (error: unknown) => void;
}): Auth => {
  const { db, report = () => {} } = options;
  const origins = ownOrigins(options.publicUrl, options.trustedOrigins);

  const firstMembership = async (userId: string) => {
    const [row] = await db.query<{ organization_id: string }>(
      'select organization_id from members where user_id = $1 order by created_at, id limit 1',
      [userId],
    );
    return row?.organization_id ?? null;
  };

  // Who runs the installation may open further organizations in it; owners of those may not.
  const ownsFirst = async (userId: string) => {
    const [row] = await db.query(
      `select 1 from members where user_id = $1 and organization_id = $2 and role = 'owner'`,
      [userId, await firstOrganization(db)],
    );
    return row !== undefined;
  };

  const auth = betterAuth({
    appName: 'Trunkline',
    baseURL: new URL(options.publicUrl).origin,
    basePath: '/api/auth',
    secret: options.secret,
    trustedOrigins: origins,
    database: db.pool,
    user: userTable,
    session: sessionTable,
    account: accountTable,
    verification: verificationTable,
    emailAndPassword: {
      enabled: true,
      minPasswordLength: passwordLength.min,
      maxPasswordLength: passwordLength.max,
    },
    plugins: [
      organization({
        schema: organizationTables,
        allowUserToCreateOrganization: (user) => ownsFirst(user.id),
        // Numbers, messages and keys hang on it.
        disableOrganizationDeletion: true,
        membershipLimit: 1000,
        invitationExpiresIn: 7 * 24 * 60 * 60,
        cancelPendingInvitationsOnReInvite: true,
        // Nothing verifies an e-mail address here: the link is the proof.
        requireEmailVerificationOnInvitation: false,
      }),
      twoFactor({ issuer: 'Trunkline', schema: twoFactorTables }),
      signInAs,
    ],
    hooks: { before: authRules(db) },
    databaseHooks: {
      session: {
        create: {
          before: async (session, context) => {
            // A new user has no membership yet, and sign-up holds a transaction's connection while this runs.
            if (session.activeOrganizationId || context?.path === '/sign-up/email') return;
            return { data: { ...session, activeOrganizationId: await firstMembership(session.userId) } };
          },
        },
      },
    },
    // Carries the invitations' ids, which only `list-invitations` may show, and only to those who manage.
    disabledPaths: ['/organization/get-full-organization'],
    rateLimit: { enabled: true, storage: 'memory' },
    telemetry: { enabled: false },
    logger: { disabled: true },
    onAPIError: {
      onError: (error) => {
        if (!isAPIError(error)) report(error);
      },
    },
    advanced: {
      // Said although they are the defaults: under NODE_ENV=test better-auth turns both checks off.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      cookiePrefix: 'trunkline',
      useSecureCookies: options.publicUrl.startsWith('https:'),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
      ipAddress: { ipAddressHeaders: [clientIpHeader] },
      // The schema is ours and tested; what is checked at each start would be another program's idea of it.
      database: { generateId: () => newId(), validateSchema: false },
    },
  });

  const listeners = new Set<() => void>();
  const changed = () => {
    for (const heard of listeners) heard();
  };

  return {
    origins,
    demo: options.demo,
    async handler(request, clientIp) {
      const headers = new Headers(request.headers);
      headers.delete(clientIpHeader);
      if (clientIp) headers.set(clientIpHeader, clientIp);
      const response = await auth.handler(new Request(request, { headers }));
      if (request.method !== 'GET' && request.method !== 'HEAD') changed();
      return response;
    },
    async signedIn(headers) {
      const found = await auth.api.getSession({ headers, query: { disableRefresh: true } });
      if (!found) return null;
      return {
        userId: found.user.id,
        name: found.user.name,
        activeOrganizationId: found.session.activeOrganizationId ?? null,
      };
    },
    async prolong(headers) {
      const { headers: answered } = await auth.api.getSession({ headers, returnHeaders: true });
      return answered.getSetCookie();
    },
    async signInAs(userId, headers) {
      const { headers: answered } = await auth.api.signInAs({
        body: { userId },
        headers,
        returnHeaders: true,
      });
      changed();
      return answered.getSetCookie();
    },
    hashPassword: async (password) => (await auth.$context).password.hash(password),
    onChange(heard) {
      listeners.add(heard);
      return () => listeners.delete(heard);
    },
  };
};
