import { createHmac, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { type ServerType, serve } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { shiftClock } from '../src/base/clock.ts';
import { type Database, type Db, openDatabase } from '../src/base/db.ts';
import { Problem } from '../src/base/errors.ts';
import { newId } from '../src/base/ids.ts';
import { createApiKey, listApiKeys, revokeApiKey } from '../src/http/auth/api-keys.ts';
import { type Auth, createAuth } from '../src/http/auth/auth.ts';
import { createFirstRun } from '../src/http/auth/first-run.ts';
import { makeFirstRunLink } from '../src/http/auth/first-run-link.ts';
import { createIdentify, type Identify } from '../src/http/auth/identify.ts';
import { noteUse } from '../src/http/auth/key-use.ts';
import { may, mayManageAccess, type Principal, type Who } from '../src/http/auth/principal.ts';
import { session } from '../src/http/auth/session.ts';
import { sweepSignIns } from '../src/http/auth/sweep.ts';
import { createDatabase, type TestDatabase } from './database.ts';

const adminToken = 'admin-token-of-the-tests';
const password = 'correct horse battery';
const first = newId();
const second = newId();

let files: TestDatabase;
let db: Database;
let server: ServerType;
let origin: string;
let auth: Auth;
let identify: Identify;
const errors: unknown[] = [];

/** What the architect's app does, in small: problems, /api/auth, first run, and a route that needs somebody. */
const build = (firstRun: ReturnType<typeof createFirstRun>) => {
  const app = new Hono<{ Variables: { principal: Principal | null } }>();
  app.onError((error, ctx) => {
    if (!(error instanceof Problem)) throw error;
    const { status, code, detail, errors } = error;
    return ctx.json({ code, detail, errors }, status as 400);
  });
  app.all('/api/auth/*', (ctx) => auth.handler(ctx.req.raw, ctx.req.header('x-test-ip')));
  app.post('/v1/first-run/check', async (ctx) => ctx.json(await firstRun.check(await ctx.req.json())));
  app.post('/v1/first-run', async (ctx) => {
    const { cookies } = await firstRun.complete(await ctx.req.json(), ctx.req.raw.headers);
    for (const cookie of cookies) ctx.header('set-cookie', cookie, { append: true });
    return ctx.body(null, 204);
  });
  app.use('/v1/*', async (ctx, next) => {
    ctx.set('principal', await identify(ctx.req.raw));
    await next();
  });
  app.get('/v1/session', async (ctx) => ctx.json(await session(db, ctx.get('principal'), null)));
  app.all('/v1/whoami', (ctx) => {
    const principal = ctx.get('principal');
    may(principal, 'member');
    return ctx.json(principal);
  });
  return app;
};

// Each caller has an address of its own, so that only the test of the rate limit meets it.
let callers = 0;
const nextIp = () => `203.0.${Math.floor(++callers / 250)}.${(callers % 250) + 1}`;

type Json = ReturnType<JSON['parse']>;
type Answer = { status: number; body: Json; cookies: string[] };

const call = async (
  path: string,
  { headers = {}, ...init }: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> => {
  const response = await fetch(`${origin}${path}`, {
    method: init.method ?? (init.body === undefined ? 'GET' : 'POST'),
    headers: { 'content-type': 'application/json', 'x-test-ip': nextIp(), origin, ...headers },
    ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: text === '' ? null : JSON.parse(text),
    cookies: response.headers.getSetCookie(),
  };
};

/** A browser of one person: keeps its cookies. */
const browser = () => {
  const jar = new Map<string, string>();
  return {
    cookie: () => [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
    async call(path: string, init: Parameters<typeof call>[1] = {}) {
      const cookie = this.cookie();
      const answer = await call(path, {
        ...init,
        headers: { ...(cookie === '' ? {} : { cookie }), ...init.headers },
      });
      for (const set of answer.cookies) {
        const [pair, ...attributes] = set.split('; ');
        const [name, value] = [pair!.slice(0, pair!.indexOf('=')), pair!.slice(pair!.indexOf('=') + 1)];
        if (attributes.some((one) => /^max-age=0$/i.test(one))) jar.delete(name);
        else jar.set(name, value);
      }
      return answer;
    },
    signIn(email: string, secret = password) {
      return this.call('/api/auth/sign-in/email', { body: { email, password: secret } });
    },
  };
};

const tokenOf = async () => new URL(await makeFirstRunLink(db, origin)).hash.slice(1);

/** Writes a user with the common password, a member of the organizations given, in that order. */
const addUser = async (email: string, ...memberships: [string, 'owner' | 'admin' | 'member'][]) => {
  const id = newId();
  await db.query('insert into users (id, name, email) values ($1, $2, $3)', [id, email.split('@')[0], email]);
  await db.query(
    `insert into accounts (id, user_id, provider_id, account_id, password) values ($1, $2, 'credential', $3, $4)`,
    [newId(), id, id, await auth.hashPassword(password)],
  );
  for (const [organizationId, role] of memberships)
    await db.query('insert into members (id, organization_id, user_id, role) values ($1, $2, $3, $4)', [
      newId(),
      organizationId,
      id,
      role,
    ]);
  return id;
};

beforeAll(async () => {
  files = await createDatabase();
  db = openDatabase(files.url, { connections: 8 });
  await db.query(
    `insert into organizations (id, name, slug, created_at) values ($1, 'Second', 'second', now() - interval '1 day'), ($2, 'First', 'first', now())`,
    [second, first],
  );
  await db.query(
    `insert into provider_accounts (id, organization_id, provider, account_sid, webhook_key)
     values ($1, $2, 'twilio', 'AC1', null), ($3, $4, 'twilio', 'AC2', 'hook')`,
    [newId(), first, newId(), second],
  );
  // The port is known only when it listens, and the public address must contain it.
  let answer: (request: Request) => Response | Promise<Response> = () => new Response(null, { status: 503 });
  const address = await new Promise<AddressInfo>((resolve) => {
    server = serve({ fetch: (request) => answer(request), hostname: '127.0.0.1', port: 0 }, resolve);
  });
  origin = `http://127.0.0.1:${address.port}`;
  auth = createAuth({
    db,
    publicUrl: origin,
    secret: 'a secret of the tests that is long enough',
    demo: true,
    report: (error) => errors.push(error),
  });
  identify = createIdentify({ db, auth, adminToken });
  const app = build(createFirstRun({ db, auth }));
  answer = (request) => app.fetch(request);
});

afterEach(() => shiftClock(0));

afterAll(async () => {
  identify?.stop();
  server?.close();
  await db?.close();
  await files?.drop();
  expect(errors).toEqual([]);
});

describe('first run', () => {
  const owner = { name: 'Olga', email: 'Olga@Example.com', password, organizationName: 'Hotel Adria' };

  test('a link holds its token behind the hash, and only its hash is kept', async () => {
    const link = await makeFirstRunLink(db, 'https://sms.example.com/');
    expect(link).toMatch(/^https:\/\/sms\.example\.com\/welcome#[A-Za-z0-9_-]{43}$/);
    const kept = await db.query('select encode(hash, $1) as hash from first_run_links', ['hex']);
    expect(JSON.stringify(kept)).not.toContain(link.split('#')[1]);
  });

  test.each([
    ['a token that never was', 'x'.repeat(43)],
    ['one that is not text', 7],
    ['none', undefined],
  ])('refuses %s', async (_, token) => {
    for (const path of ['/v1/first-run/check', '/v1/first-run']) {
      const refused = await call(path, { body: { token, ...owner } });
      expect([refused.status, refused.body.code]).toEqual(
        typeof token === 'string' ? [404, 'link_expired'] : [400, 'invalid_request'],
      );
    }
  });

  test('an expired link is refused', async () => {
    const token = await tokenOf();
    shiftClock(61 * 60_000);
    expect((await call('/v1/first-run/check', { body: { token } })).body.code).toBe('link_expired');
    expect((await call('/v1/first-run', { body: { token, ...owner } })).status).toBe(404);
  });

  test.each([
    ['a bad e-mail address', { email: 'olga' }, 'email'],
    ['no e-mail address', { email: undefined }, 'email'],
    ['a short password', { password: 'too short' }, 'password'],
    ['no password', { password: undefined }, 'password'],
    ['a password without end', { password: 'x'.repeat(129) }, 'password'],
  ])('%s is explained and does not use up the link', async (_, wrong, path) => {
    const token = await tokenOf();
    const refused = await call('/v1/first-run', { body: { token, ...owner, ...wrong } });
    expect([refused.status, refused.body.code]).toEqual([400, 'invalid_request']);
    expect(refused.body.errors).toMatchObject([{ path, message: expect.stringMatching(/\.$/) }]);
    expect((await call('/v1/first-run/check', { body: { token } })).body).toEqual({
      needsOwner: true,
      demo: true,
    });
    expect(await db.query('select 1 from users')).toEqual([]);
  });

  test('of many posts with two links at once, each link works once and one owner is made', async () => {
    const tokens = [await tokenOf(), await tokenOf()];
    const holding = await db.pool.connect();
    await holding.query('begin');
    await holding.query('select from organizations where id = $1 for update', [first]);
    const posts = Array.from({ length: 6 }, (_, i) =>
      call('/v1/first-run', {
        body: { ...owner, token: tokens[i % 2], email: i % 2 ? 'other@example.com' : owner.email },
      }),
    );
    // All of them have found that there is no owner, and meet at the database.
    const waiting = () =>
      db.query(
        `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
    try {
      await expect.poll(waiting, { timeout: 10_000 }).toHaveLength(6);
    } finally {
      await holding.query('commit');
      holding.release();
    }
    const answers = await Promise.all(posts);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 204, 404, 404, 404, 404]);
    expect(await db.query('select 1 from users')).toHaveLength(1);
    expect(await db.query('select organization_id, role from members')).toEqual([
      { organization_id: first, role: 'owner' },
    ]);
    // Whoever came first; the rest of this file knows the owner as Olga.
    await db.query(`update users set name = 'Olga', email = 'olga@example.com'`);
    expect(await db.query('select name, slug from organizations where id = $1', [first])).toEqual([
      { name: 'Hotel Adria', slug: 'first' },
    ]);
  });

  test('the link signs the owner in, once, with a cookie that scripts and other sites do not get', async () => {
    const token = await tokenOf();
    expect((await call('/v1/first-run/check', { body: { token } })).body).toEqual({
      needsOwner: false,
      demo: true,
    });
    const window = browser();
    const signedIn = await window.call('/v1/first-run', { body: { token } });
    expect([signedIn.status, signedIn.body]).toEqual([204, null]);
    expect(signedIn.cookies).toHaveLength(1);
    expect(signedIn.cookies[0]).toMatch(/^trunkline\.session_token=.+; Path=\/; HttpOnly; SameSite=Lax$/i);
    expect(signedIn.cookies[0]).not.toMatch(/secure/i);
    expect((await window.call('/v1/session')).body).toMatchObject({
      user: { name: 'Olga', email: 'olga@example.com' },
      organization: { id: first, name: 'Hotel Adria', slug: 'first' },
      organizations: [{ id: first }],
      role: 'owner',
      simulatorUrl: null,
    });
    expect((await call('/v1/first-run', { body: { token } })).body.code).toBe('link_expired');
    expect((await call('/v1/first-run/check', { body: { token } })).status).toBe(404);
  });

  test('the owner signs in with the password of the link too', async () => {
    expect((await browser().signIn('OLGA@example.com')).status).toBe(200);
  });
});

test('cookies are Secure under an https address', async () => {
  const secure = createAuth({
    db,
    publicUrl: 'https://sms.example.com',
    secret: 'x'.repeat(32),
    demo: false,
  });
  const id = await addUser('secure@example.com', [second, 'member']);
  const [cookie] = await secure.signInAs(id, new Headers());
  expect(cookie).toMatch(
    /^__Secure-trunkline\.session_token=.+; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/i,
  );
  expect(await secure.signedIn(new Headers({ cookie: cookie!.split(';')[0]! }))).toMatchObject({
    userId: id,
  });
  expect(await auth.signedIn(new Headers({ cookie: cookie!.split(';')[0]! }))).toBeNull();
});

describe('signing in', () => {
  test('with ids that are ours, and out again', async () => {
    await addUser('anna@example.com', [second, 'admin']);
    const window = browser();
    expect((await window.signIn('anna@example.com')).status).toBe(200);
    const [kept] = await db.query<{ id: string; active_organization_id: string }>(
      'select id, active_organization_id from sessions order by id desc limit 1',
    );
    expect(kept!.id[14]).toBe('7');
    expect(kept!.active_organization_id).toBe(second);
    expect((await window.call('/v1/whoami')).body).toMatchObject({
      kind: 'user',
      role: 'admin',
      name: 'anna',
      organizationId: second,
    });
    const cookie = window.cookie();
    await window.call('/api/auth/sign-out', { body: {} });
    expect((await call('/v1/whoami', { headers: { cookie } })).status).toBe(401);
    expect((await call('/v1/session', { headers: { cookie } })).body.code).toBe('signed_out');
  });

  test.each([
    ['a wrong password', 'anna@example.com', 'wrong horse battery'],
    ['an unknown person', 'nobody@example.com', password],
  ])('refuses %s, with the same answer', async (_, email, secret) => {
    const refused = await browser().signIn(email, secret);
    expect([refused.status, refused.body.code, refused.cookies]).toEqual([
      401,
      'INVALID_EMAIL_OR_PASSWORD',
      [],
    ]);
  });

  test('a forged or altered cookie is nobody', async () => {
    const window = browser();
    await window.signIn('anna@example.com');
    const altered = window.cookie().replace(/=(.)/, (_, c) => `=${c === 'a' ? 'b' : 'a'}`);
    for (const cookie of [altered, 'trunkline.session_token=abc', 'trunkline.session_token=a.b; x=y'])
      expect((await call('/v1/whoami', { headers: { cookie } })).status).toBe(401);
  });

  test('guessing is slowed down by address, whatever the headers claim', async () => {
    const attempt = (forwarded: string, ip = '198.51.100.1') =>
      call('/api/auth/sign-in/email', {
        body: { email: 'anna@example.com', password: 'guess guess guess' },
        headers: {
          'x-test-ip': ip,
          'x-forwarded-for': forwarded,
          'trunkline-client-ip': forwarded,
        },
      });
    for (const ip of ['198.51.100.1', '']) {
      const statuses: number[] = [];
      for (let i = 1; i <= 5; i++) statuses.push((await attempt(`192.0.2.${i}`, ip)).status);
      expect(statuses).toEqual([401, 401, 401, 429, 429]);
    }
  });

  test('signing in without a password is not on the network', async () => {
    const [anna] = await db.query<{ id: string }>(`select id from users where email = 'anna@example.com'`);
    for (const path of ['/api/auth/sign-in-as', '/api/auth/signInAs', '/api/auth/'])
      expect((await call(path, { body: { userId: anna!.id } })).status).toBe(404);
  });
});

describe('invitations', () => {
  const signUp = (email: string, invitationId?: string, window = browser()) =>
    window.call('/api/auth/sign-up/email', {
      body: { name: 'New', email, password, ...(invitationId ? { invitationId } : {}) },
    });
  const invite = async (email: string, role: unknown = 'member', by = 'olga@example.com') => {
    const window = browser();
    await window.signIn(by);
    return window.call('/api/auth/organization/invite-member', { body: { email, role } });
  };

  test('strangers cannot sign up', async () => {
    const refused = await signUp('stranger@example.com');
    expect([refused.status, refused.body.code]).toEqual([403, 'INVITATION_REQUIRED']);
    expect(await db.query(`select 1 from users where email = 'stranger@example.com'`)).toEqual([]);
  });

  test('nor with the link of somebody else, a made-up one, or an e-mail address that was invited but no link', async () => {
    const { body: invitation } = await invite('ivan@example.com');
    for (const [email, id] of [
      ['stranger@example.com', invitation.id],
      ['ivan@example.com', newId()],
      ['ivan@example.com', undefined],
    ] as const)
      expect((await signUp(email, id)).status).toBe(403);
    expect((await signUp('ivan@example.com', 'no-id')).status).toBe(400);
  });

  test('an invited person signs up with the link, accepts, and is a member', async () => {
    const invited = await invite('Maja@example.com', 'admin');
    expect(invited.status).toBe(200);
    const window = browser();
    expect((await signUp('maja@example.com', invited.body.id, window)).status).toBe(200);
    // Registered, but a member of nothing yet.
    expect((await window.call('/v1/session')).status).toBe(401);
    const accepted = await window.call('/api/auth/organization/accept-invitation', {
      body: { invitationId: invited.body.id },
    });
    expect(accepted.status).toBe(200);
    expect((await window.call('/v1/session')).body).toMatchObject({
      organization: { id: first },
      role: 'admin',
      user: { email: 'maja@example.com' },
    });
    expect((await signUp('maja2@example.com', invited.body.id)).status).toBe(403);
  });

  test('an expired or withdrawn link is no way in', async () => {
    const { body: late } = await invite('late@example.com');
    await db.query(`update invitations set expires_at = now() - interval '1 second' where id = $1`, [
      late.id,
    ]);
    const { body: withdrawn } = await invite('withdrawn@example.com');
    await db.query(`update invitations set status = 'canceled' where id = $1`, [withdrawn.id]);
    expect((await signUp('late@example.com', late.id)).status).toBe(403);
    expect((await signUp('withdrawn@example.com', withdrawn.id)).status).toBe(403);
  });

  test.each([['owner'], [['admin', 'member']], ['owner,admin'], ['king']])(
    'cannot be for the role %j',
    async (role) => {
      expect((await invite('role@example.com', role)).status).toBe(400);
    },
  );

  test('their links are shown to owners and admins only', async () => {
    await addUser('mere@example.com', [first, 'member']);
    const seen = async (email: string, path: string) => {
      const window = browser();
      await window.signIn(email);
      return window.call(`/api/auth/organization/${path}`);
    };
    expect((await seen('mere@example.com', 'list-invitations')).status).toBe(403);
    expect((await seen('mere@example.com', `list-invitations?organizationId=${first}`)).status).toBe(403);
    expect((await call('/api/auth/organization/list-invitations')).status).toBe(401);
    expect((await seen('anna@example.com', `list-invitations?organizationId=${first}`)).status).toBe(403);
    const listed = await seen('olga@example.com', 'list-invitations');
    expect(listed.body.map((one: { email: string }) => one.email)).toContain('ivan@example.com');
    expect((await seen('mere@example.com', 'list-members')).body.members.length).toBeGreaterThan(1);
    expect(JSON.stringify((await seen('mere@example.com', 'list')).body)).not.toContain('invit');
    expect((await invite('by-mere@example.com', 'member', 'mere@example.com')).status).toBe(403);
  });
});

describe('organizations', () => {
  test('a principal is in one, and sees nothing of another', async () => {
    const window = browser();
    await window.signIn('anna@example.com');
    expect((await window.call('/v1/session')).body.organizations.map((one: Json) => one.id)).toEqual([
      second,
    ]);
    const other = await window.call('/api/auth/organization/set-active', { body: { organizationId: first } });
    expect(other.status).toBe(403);
    expect((await window.call('/v1/whoami')).body.organizationId).toBe(second);
    expect((await window.call('/v1/whoami', { headers: { 'trunkline-organization': first } })).status).toBe(
      403,
    );
    expect((await window.call(`/api/auth/organization/list-members?organizationId=${first}`)).status).toBe(
      403,
    );
    const made = await window.call('/api/auth/organization/create', { body: { name: 'Mine', slug: 'mine' } });
    expect(made.status).toBe(403);
    expect(
      (await window.call('/api/auth/organization/delete', { body: { organizationId: second } })).status,
    ).toBe(404);
  });

  test('switching counts at once, for roles too; removal is noticed', async () => {
    const id = await addUser('both@example.com', [first, 'member'], [second, 'owner']);
    const window = browser();
    await window.signIn('both@example.com');
    expect((await window.call('/v1/whoami')).body).toMatchObject({ organizationId: first, role: 'member' });
    const switched = await window.call('/api/auth/organization/set-active', {
      body: { organizationId: second },
    });
    expect(switched.status).toBe(200);
    const { body } = await window.call('/v1/session');
    expect(body).toMatchObject({ organization: { id: second }, role: 'owner' });
    expect(body.organizations.map((one: Json) => one.id)).toEqual([second, first]);

    await db.query('delete from members where user_id = $1 and organization_id = $2', [id, second]);
    // Kept for up to 5 s, unless told.
    expect((await window.call('/v1/whoami')).body.organizationId).toBe(second);
    identify.forget();
    expect((await window.call('/v1/whoami')).body).toMatchObject({ organizationId: first, role: 'member' });
    await db.query('delete from members where user_id = $1', [id]);
    identify.forget();
    expect((await window.call('/v1/whoami')).status).toBe(401);
  });

  test('the owner of the first one opens another and is its owner', async () => {
    const window = browser();
    await window.signIn('olga@example.com');
    const made = await window.call('/api/auth/organization/create', {
      body: { name: 'Third', slug: 'third' },
    });
    expect(made.status).toBe(200);
    expect((await window.call('/v1/session')).body).toMatchObject({
      organization: { name: 'Third' },
      role: 'owner',
    });
  });

  test('a role is changed by those who may, and only to one of ours', async () => {
    const window = browser();
    await window.signIn('olga@example.com');
    const members = (await window.call(`/api/auth/organization/list-members?organizationId=${first}`)).body
      .members;
    const mere = members.find((one: Json) => one.user.email === 'mere@example.com');
    const change = (who: typeof window, role: unknown) =>
      who.call('/api/auth/organization/update-member-role', {
        body: { memberId: mere.id, role, organizationId: first },
      });
    expect((await change(window, ['admin', 'owner'])).status).toBe(400);
    const own = browser();
    await own.signIn('mere@example.com');
    expect((await change(own, 'owner')).status).toBe(403);
    expect((await own.call('/v1/whoami')).body.role).toBe('member');
    expect((await change(window, 'admin')).status).toBe(200);
    expect((await own.call('/v1/whoami')).body.role).toBe('admin');
  });

  test.each([
    ['/api/auth/organization/set-active', { organizationId: 'x' }],
    ['/api/auth/organization/accept-invitation', { invitationId: "' or 1=1" }],
    ['/api/auth/organization/remove-member', { memberIdOrEmail: 'x' }],
  ])('%s refuses what is not an id', async (path, body) => {
    const window = browser();
    await window.signIn('olga@example.com');
    expect((await window.call(path, { body })).body.code).toBe('INVALID_ID');
  });
});

describe('API keys', () => {
  const using = (key: string, headers: Record<string, string> = {}) =>
    call('/v1/whoami', { headers: { authorization: `Bearer ${key}`, ...headers } });

  test('are made once, listed without the key, used, and revoked at once', async () => {
    const made = await createApiKey(db, second, '  Till  ');
    expect(made).toMatchObject({ name: 'Till', prefix: made.key.slice(0, 10) });
    expect(made.key).toMatch(/^tl_[A-Za-z0-9_-]{43}$/);
    expect(await listApiKeys(db, second)).toEqual([
      { id: made.id, name: 'Till', prefix: made.prefix, createdAt: expect.any(String), lastUsedAt: null },
    ]);
    expect(await listApiKeys(db, first)).toEqual([]);
    expect((await using(made.key)).body).toEqual({
      organizationId: second,
      kind: 'key',
      userId: null,
      role: 'admin',
      name: 'Till',
    });
    expect(
      (await call('/v1/session', { headers: { authorization: `bearer ${made.key}` } })).body,
    ).toMatchObject({
      user: null,
      organization: { id: second },
      organizations: [{ id: second }],
      role: 'admin',
    });
    expect((await using(made.key, { 'trunkline-organization': first })).status).toBe(403);
    await expect(revokeApiKey(db, first, made.id)).rejects.toMatchObject({ status: 404, code: 'not_found' });
    expect((await using(made.key)).status).toBe(200);
    await revokeApiKey(db, second, made.id);
    expect((await using(made.key)).status).toBe(401);
    await expect(revokeApiKey(db, second, made.id)).rejects.toMatchObject({ status: 404 });
    await expect(revokeApiKey(db, second, 'x')).rejects.toMatchObject({ status: 404 });
    expect(await listApiKeys(db, second)).toEqual([]);
  });

  test.each([[''], ['   '], ['x'.repeat(101)]])('need a name, not %j', async (name) => {
    await expect(createApiKey(db, first, name)).rejects.toMatchObject({
      status: 400,
      code: 'invalid_request',
      errors: [{ path: 'name' }],
    });
  });

  test('unknown ones, and those of other services, are nobody, even with a good cookie', async () => {
    const window = browser();
    await window.signIn('anna@example.com');
    for (const authorization of [`Bearer tl_${'x'.repeat(43)}`, 'Bearer sk_1', 'Bearer tl_', 'bearer  x '])
      expect((await window.call('/v1/whoami', { headers: { authorization } })).status).toBe(401);
    expect((await window.call('/v1/whoami', { headers: { authorization: 'Basic eDp5' } })).status).toBe(200);
  });

  test('a known key is answered at once and asks the database once, and again when stale', async () => {
    const { key } = await createApiKey(db, first, 'Fast');
    const asked: string[] = [];
    const counting: Database = {
      ...db,
      query: (sql, values, name) => {
        asked.push(sql.slice(0, 6));
        return db.query(sql, values, name);
      },
    };
    const own = createIdentify({ db: counting, auth, adminToken, staleMs: 300 });
    const request = { method: 'POST', headers: new Headers({ authorization: `Bearer ${key}` }) };
    const together = await Promise.all(Array.from({ length: 50 }, () => own(request)));
    expect(new Set(together).size).toBe(1);
    expect(own(request)).toBe(together[0]);
    expect(asked).toEqual(['select', 'update']);
    // Revoked by another process: this one hears nothing and stops when what it kept is stale.
    await db.query(`update api_keys set revoked_at = now() where name = 'Fast'`);
    await expect.poll(() => own(request), { timeout: 3000 }).toBeNull();
    own.stop();
  });

  test('a look-up that was under way when the key was revoked is not kept', async () => {
    const made = await createApiKey(db, first, 'Race');
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow: Database = {
      ...db,
      query: async (sql, values, name) => {
        const rows = await db.query<Json>(sql, values, name);
        if (name === 'find api key') await held;
        return rows;
      },
    };
    const own = createIdentify({ db: slow, auth, adminToken });
    const request = { method: 'GET', headers: new Headers({ authorization: `Bearer ${made.key}` }) };
    const early = own(request);
    await db.query('select 1');
    await revokeApiKey(db, first, made.id);
    release();
    await early;
    expect(await own(request)).toBeNull();
    own.stop();
  });

  test('their last use is written behind the answer, at most once a minute', async () => {
    const made = await createApiKey(db, first, 'Noted');
    const lastUsed = async () =>
      (await listApiKeys(db, first)).find(({ id }) => id === made.id)?.lastUsedAt ?? null;
    await using(made.key);
    await expect.poll(lastUsed).not.toBeNull();
    const before = await lastUsed();
    shiftClock(50_000);
    await using(made.key);
    identify.forget();
    await using(made.key);
    shiftClock(70_000);
    await using(made.key);
    await expect.poll(lastUsed).not.toBe(before);
    expect(Date.parse((await lastUsed())!) - Date.parse(before!)).toBeGreaterThanOrEqual(65_000);
  });
});

test('of two processes that use a key in the same minute, one writes', async () => {
  const made = await createApiKey(db, first, 'Both');
  const writes: Promise<unknown>[] = [];
  const watched: Db = {
    query: (sql, values, name) => {
      const under = db.query<Json>(`${sql} returning id`, values, name);
      writes.push(under);
      return under;
    },
  };
  const principal: Principal = {
    organizationId: first,
    kind: 'key',
    userId: null,
    role: 'admin',
    name: 'Both',
  };
  for (const seconds of [0, 10]) {
    shiftClock(seconds * 1000);
    noteUse(watched, { id: made.id, principal, usedMs: 0 });
    await writes.at(-1);
  }
  expect(await Promise.all(writes)).toEqual([[{ id: made.id }], []]);
});

describe('the admin token', () => {
  const asAdmin = (headers: Record<string, string> = {}, path = '/v1/whoami') =>
    call(path, { headers: { authorization: `Bearer ${adminToken}`, ...headers } });

  test('is the owner of the first organization, or of the one it names', async () => {
    expect((await asAdmin()).body).toMatchObject({ kind: 'admin', role: 'owner', organizationId: first });
    expect((await asAdmin({ 'trunkline-organization': second.toUpperCase() })).body).toMatchObject({
      kind: 'admin',
      organizationId: second,
    });
    const { body } = await asAdmin({ 'trunkline-organization': second }, '/v1/session');
    expect(body).toMatchObject({ user: null, organization: { id: second }, role: 'owner' });
    expect(body.organizations.map((one: Json) => one.id)).toContain(first);
  });

  test.each([['nowhere'], [randomUUID()]])('refuses the organization %s', async (named) => {
    const refused = await asAdmin({ 'trunkline-organization': named });
    expect([refused.status, refused.body.code]).toEqual([404, 'organization_not_found']);
  });

  test.each([[`${adminToken}x`], [adminToken.slice(1)], [adminToken.toUpperCase()]])(
    'is exact: %s is nobody',
    async (token) => {
      expect((await call('/v1/whoami', { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
    },
  );
});

describe('a change by cookie', () => {
  const alias = () => origin.replace('127.0.0.1', 'localhost');
  test.each<[string, () => Record<string, string>, number]>([
    ['our own page', () => ({ origin }), 200],
    ['our page under another name of this machine', () => ({ origin: alias() }), 200],
    [
      'our page, as the browser itself says',
      () => ({ origin: 'http://elsewhere:1', 'sec-fetch-site': 'same-origin' }),
      200,
    ],
    ['a foreign page', () => ({ origin: 'https://evil.example' }), 403],
    ['a foreign page of the same site', () => ({ origin: `${origin}0`, 'sec-fetch-site': 'same-site' }), 403],
    ['a page without an origin', () => ({ origin: 'null' }), 403],
  ])('from %s', async (_, headers, expected) => {
    const window = browser();
    await window.signIn('anna@example.com');
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await window.call('/v1/whoami', { method, headers: headers() });
      expect([method, answer.status]).toEqual([method, expected]);
      if (expected === 403) expect(answer.body.code).toBe('cross_origin');
    }
    expect((await window.call('/v1/whoami', { headers: headers() })).status).toBe(200);
  });

  test('without any origin is refused; a key needs none', async () => {
    const window = browser();
    await window.signIn('anna@example.com');
    const bare = (headers: Record<string, string>) => ({ method: 'POST', headers: new Headers(headers) });
    await expect((async () => identify(bare({ cookie: window.cookie() })))()).rejects.toMatchObject({
      code: 'cross_origin',
    });
    expect(await identify(bare({ authorization: `Bearer ${adminToken}` }))).not.toBeNull();
  });

  test('better-auth refuses foreign pages too', async () => {
    const window = browser();
    await window.signIn('anna@example.com');
    const refused = await window.call('/api/auth/sign-out', {
      body: {},
      headers: { origin: 'https://evil.example' },
    });
    expect(refused.status).toBe(403);
    expect((await window.call('/v1/whoami')).status).toBe(200);
  });
});

/** RFC 6238, as a telephone's app computes it. */
const totp = (secret: string, atMs = Date.now()) => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret.replace(/=+$/, '')]
    .map((c) => alphabet.indexOf(c).toString(2).padStart(5, '0'))
    .join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(atMs / 30_000)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const code = (mac.readUInt32BE(mac[19]! & 0xf) & 0x7fffffff) % 1_000_000;
  return String(code).padStart(6, '0');
};

test('a second factor: enrolled, asked for at sign-in, a wrong code refused', async () => {
  await addUser('tina@example.com', [second, 'admin']);
  const window = browser();
  await window.signIn('tina@example.com');
  const refused = await window.call('/api/auth/two-factor/enable', {
    body: { password: 'wrong horse battery' },
  });
  expect(refused.status).toBe(400);
  const enrolled = await window.call('/api/auth/two-factor/enable', { body: { password } });
  expect(enrolled.body.totpURI).toMatch(/^otpauth:\/\/totp\/Trunkline/);
  expect(enrolled.body.backupCodes.length).toBeGreaterThan(5);
  const secret = new URL(enrolled.body.totpURI).searchParams.get('secret')!;
  const verify = (who: typeof window, code: string) =>
    who.call('/api/auth/two-factor/verify-totp', { body: { code } });
  expect((await verify(window, totp(secret))).status).toBe(200);
  expect((await window.call('/v1/whoami')).body).toMatchObject({ name: 'tina', organizationId: second });

  const later = browser();
  expect((await later.signIn('tina@example.com')).body).toMatchObject({ twoFactorRedirect: true });
  expect((await later.call('/v1/whoami')).status).toBe(401);
  const right = totp(secret);
  expect((await verify(later, right === '000000' ? '000001' : '000000')).status).toBe(401);
  expect((await later.call('/v1/whoami')).status).toBe(401);
  expect((await verify(later, totp(secret))).status).toBe(200);
  expect((await later.call('/v1/whoami')).body).toMatchObject({ name: 'tina', organizationId: second });
  const [kept] = await db.query<{ secret: string }>('select secret from two_factors');
  expect(kept!.secret).not.toContain(secret);
});

test('a session that is older than a day is prolonged, with a cookie', async () => {
  const window = browser();
  await window.signIn('anna@example.com');
  const headers = new Headers({ cookie: window.cookie() });
  expect(await auth.prolong(headers)).toEqual([]);
  await db.query(
    `update sessions set expires_at = now() + interval '1 day' where user_id = (select id from users where email = 'anna@example.com')`,
  );
  // To be identified changes nothing: only `prolong` can hand the cookie on.
  expect(await auth.signedIn(headers)).not.toBeNull();
  expect(await auth.prolong(headers)).toEqual([
    expect.stringMatching(/^trunkline\.session_token=.+Max-Age=604800/),
  ]);
});

test('what has expired is swept, what has not stays', async () => {
  const count = async () => {
    const [row] = await db.query<{ sessions: number; links: number }>(
      'select (select count(*) from sessions) as sessions, (select count(*) from first_run_links) as links',
    );
    return row!;
  };
  await browser().signIn('anna@example.com');
  await tokenOf();
  const before = await count();
  await sweepSignIns(db);
  expect((await count()).sessions).toBe(before.sessions);
  shiftClock(8 * 24 * 60 * 60_000);
  await sweepSignIns(db);
  expect(await count()).toEqual({ sessions: 0, links: 0 });
});

describe('may', () => {
  const as = (kind: Principal['kind'], role: Principal['role']): Principal => ({
    organizationId: first,
    kind,
    userId: null,
    role,
    name: 'x',
  });
  const people: [string, Principal | null, Who[], boolean][] = [
    ['nobody', null, ['public'], false],
    ['a member', as('user', 'member'), ['public', 'member'], false],
    ['a key', as('key', 'admin'), ['public', 'member', 'admin'], false],
    ['an admin', as('user', 'admin'), ['public', 'member', 'admin'], true],
    ['an owner', as('user', 'owner'), ['public', 'member', 'admin', 'owner'], true],
    ['the admin token', as('admin', 'owner'), ['public', 'member', 'admin', 'owner'], true],
  ];
  const refusal = (work: () => void) => {
    try {
      work();
      return null;
    } catch (error) {
      return [(error as Problem).status, (error as Problem).code];
    }
  };

  test.each(people)('%s', (_, principal, allowed, manages) => {
    const expected = principal === null ? [401, 'unauthorized'] : [403, 'forbidden'];
    for (const who of ['public', 'member', 'admin', 'owner'] as Who[])
      expect(refusal(() => may(principal, who))).toEqual(allowed.includes(who) ? null : expected);
    expect(refusal(() => mayManageAccess(principal))).toEqual(manages ? null : expected);
  });
});

test('the tables are those that better-auth expects', async () => {
  const { betterAuth } = await import('better-auth');
  const { organization, twoFactor } = await import('better-auth/plugins');
  const tables = await import('../src/http/auth/tables.ts');
  const { getMigrations } = await import('better-auth/db/migration');
  const expected = betterAuth({
    baseURL: origin,
    secret: 'x'.repeat(32),
    database: db.pool,
    user: tables.userTable,
    session: tables.sessionTable,
    account: tables.accountTable,
    verification: tables.verificationTable,
    plugins: [
      organization({ schema: tables.organizationTables }),
      twoFactor({ schema: tables.twoFactorTables }),
    ],
  });
  const { toBeCreated, toBeAdded } = await getMigrations(expected.options);
  expect([toBeCreated, toBeAdded]).toEqual([[], []]);
});
