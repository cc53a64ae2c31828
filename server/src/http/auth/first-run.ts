import { z } from 'zod';
import { now } from '../../base/clock.ts';
import type { Database, Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { newId } from '../../base/ids.ts';
import { type Auth, passwordLength } from './auth.ts';
import { firstOrganization } from './first-organization.ts';
import { linkWorks, useLink } from './first-run-link.ts';

const tokenSchema = z.string('The token of the link is missing.').min(1).max(200);
const checkSchema = z.object({ token: tokenSchema });
const completeSchema = z.object({
  token: tokenSchema,
  name: z.string().trim().max(200, 'A name has at most 200 characters.').optional(),
  email: z.string().trim().optional(),
  password: z.string().optional(),
  organizationName: z.string().trim().max(200, 'A name has at most 200 characters.').optional(),
});
const ownerSchema = z.object({
  email: z
    .string('An e-mail address is needed.')
    .max(254, 'This is not an e-mail address.')
    .pipe(z.email('This is not an e-mail address.'))
    .transform((email) => email.toLowerCase()),
  password: z
    .string('A password is needed.')
    .min(passwordLength.min, `A password has at least ${passwordLength.min} characters.`)
    .max(passwordLength.max, `A password has at most ${passwordLength.max} characters.`),
});

const parse = <T extends z.ZodType>(schema: T, body: unknown): z.infer<T> => {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  const errors = read.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  throw new Problem(400, 'invalid_request', errors.map(({ message }) => message).join(' '), errors);
};

const expired = () =>
  new Problem(
    404,
    'link_expired',
    'This link was used already, is older than an hour or is not one of ours. Run `trunkline link` for a new one.',
  );

const ownerOf = async (db: Db, organizationId: string | null): Promise<string | null> => {
  const [row] = await db.query<{ user_id: string }>(
    `select user_id from members where organization_id = $1 and role = 'owner' order by created_at, id limit 1`,
    [organizationId],
  );
  return row?.user_id ?? null;
};

type Owner = { name: string; email: string; passwordHash: string };

/** Users, accounts and members as better-auth writes them at a sign-up, in the transaction that takes the link. */
const createOwner = async (tx: Db, organizationId: string, owner: Owner): Promise<string> => {
  const userId = newId();
  const at = now();
  const [made] = await tx.query(
    `insert into users (id, name, email, created_at, updated_at) values ($1, $2, $3, $4, $4)
     on conflict (email) do nothing returning 1`,
    [userId, owner.name, owner.email, at],
  );
  if (!made)
    throw new Problem(
      409,
      'email_taken',
      'Somebody with this e-mail address is registered: use another one.',
      [{ path: 'email', message: 'This e-mail address is taken.' }],
    );
  await tx.query(
    `insert into accounts (id, user_id, provider_id, account_id, password, created_at, updated_at)
     values ($1, $2, 'credential', $3, $4, $5, $5)`,
    [newId(), userId, userId, owner.passwordHash, at],
  );
  await tx.query(
    `insert into members (id, organization_id, user_id, role, created_at) values ($1, $2, $3, 'owner', $4)`,
    [newId(), organizationId, userId, at],
  );
  return userId;
};

/** The two calls behind the first-run link: it makes the owner of a fresh installation, and later signs that owner in. */
export const createFirstRun = ({ db, auth }: { db: Database; auth: Auth }) => ({
  /** POST /v1/first-run/check. Throws Problem 404 `link_expired`; uses nothing up. */
  async check(body: unknown): Promise<{ needsOwner: boolean; demo: boolean }> {
    const { token } = parse(checkSchema, body);
    if (!(await linkWorks(db, token))) throw expired();
    return { needsOwner: (await ownerOf(db, await firstOrganization(db))) === null, demo: auth.demo };
  },

  /**
   * POST /v1/first-run, answered 204 with the Set-Cookie headers returned. Takes the token exactly once, and only when everything else
   * succeeds. Throws Problem 404 `link_expired`, 400 `invalid_request` (e-mail, password), 409 `email_taken` or `no_organization`.
   */
  async complete(body: unknown, headers: Headers): Promise<{ cookies: string[] }> {
    const read = parse(completeSchema, body);
    if (!(await linkWorks(db, read.token))) throw expired();
    let owner: Owner | null = null;
    if ((await ownerOf(db, await firstOrganization(db))) === null) {
      const { email, password } = parse(ownerSchema, read);
      // Before the transaction: scrypt takes its time, and a row is locked in there.
      const passwordHash = await auth.hashPassword(password);
      owner = { name: read.name || email.slice(0, email.indexOf('@')), email, passwordHash };
    }
    const userId = await db.transaction(async (tx) => {
      if (!(await useLink(tx, read.token))) throw expired();
      // Locked, so that of two links used at once the second finds the owner that the first made.
      const organizationId = await firstOrganization(tx, { lock: true });
      if (organizationId === null)
        throw new Problem(409, 'no_organization', 'There is no organization yet: start the server first.');
      const existing = await ownerOf(tx, organizationId);
      if (existing !== null) return existing;
      if (owner === null) throw expired();
      if (read.organizationName)
        await tx.query('update organizations set name = $2 where id = $1', [
          organizationId,
          read.organizationName,
        ]);
      return createOwner(tx, organizationId, owner);
    });
    return { cookies: await auth.signInAs(userId, headers) };
  },
});
