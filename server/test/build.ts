import { createHmac, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { now } from '../src/base/clock.ts';
import { readConfig } from '../src/base/config.ts';
import { type Database, type Db, openDatabase } from '../src/base/db.ts';
import { newId } from '../src/base/ids.ts';
import { createLog } from '../src/base/log.ts';
import { createSealer } from '../src/base/secrets.ts';
import { createSignals } from '../src/base/signals.ts';
import { createAccept } from '../src/outbound/accept.ts';
import { enqueue, type Outgoing } from '../src/queue/enqueue.ts';
import { addAssistant } from '../src/store/assistants.ts';
import { createDirectory } from '../src/store/directory.ts';
import { createConversations } from '../src/store/ensure-conversations.ts';
import { addNumber } from '../src/store/numbers.ts';
import { providerAccounts } from '../src/store/provider-accounts.ts';
import { createDatabase } from './database.ts';

export type Json = ReturnType<JSON['parse']>;

export const accountSid = `AC${'a1'.repeat(16)}`;
export const adminToken = 'admin-token-of-the-tests';
const secretKey = 'secret-key-of-the-tests-0123456789';

let phones = 0;
/** A phone number that no other call of this process got; from the plan's range for fiction. */
export const nextPhone = () => `+1415${String(5552000 + ++phones).padStart(7, '0')}`;
export const nextSid = () => `SM${randomBytes(16).toString('hex')}`;

/** Asks again and again, soon, until the answer is something; fails when it isn't within `patienceMs`. */
export const eventually = async <T>(
  ask: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  what: string,
  patienceMs = 10_000,
): Promise<T> => {
  const until = performance.now() + patienceMs;
  for (;;) {
    const found = await ask();
    if (found) return found;
    if (performance.now() > until) throw new Error(`This did not happen in ${patienceMs} ms: ${what}.`);
    await sleep(10);
  }
};

/** A database of the test file's own, open. */
export const openTestDatabase = async (connections = 8): Promise<Database> => {
  const { url, drop } = await createDatabase();
  const db = openDatabase(url, { connections });
  return {
    ...db,
    async close() {
      await db.close();
      await drop();
    },
  };
};

/** An organization with a provider account; `webhookKey` null: the account of the settings. */
export const organization = async (
  db: Db,
  { webhookKey = newId() as string | null, sid = accountSid } = {},
): Promise<{ id: string; accountId: string }> => {
  const made = { id: newId(), accountId: newId() };
  await db.query('insert into organizations (id, name, slug) values ($1, $2, $3)', [
    made.id,
    'Test',
    made.id,
  ]);
  await db.query(
    `insert into provider_accounts (id, organization_id, provider, account_sid, webhook_key) values ($1, $2, 'twilio', $3, $4)`,
    [made.accountId, made.id, sid, webhookKey],
  );
  return made;
};

export const assistant = async (db: Db, organizationId: string, model = 'demo'): Promise<string> => {
  const id = newId();
  await addAssistant(db, { organizationId, id, name: 'Trudy', instructions: 'Be brief.', model });
  return id;
};

export const number = async (
  db: Db,
  owner: { id: string; accountId: string },
  { assistantId = null as string | null, messagingServiceSid = null as string | null } = {},
): Promise<{ id: string; phoneNumber: string }> => {
  const made = { id: newId(), phoneNumber: nextPhone() };
  await addNumber(db, {
    id: made.id,
    organizationId: owner.id,
    providerAccountId: owner.accountId,
    phoneNumber: made.phoneNumber,
    messagingServiceSid,
    assistantId,
  });
  return made;
};

export type TestConversation = {
  organizationId: string;
  id: string;
  numberId: string;
  contactId: string;
  from: string;
  to: string;
};

/** A conversation of a number with a contact of its own. */
export const conversation = async (
  db: Db,
  organizationId: string,
  own: { id: string; phoneNumber: string },
  to = nextPhone(),
): Promise<TestConversation> => {
  const { conversationId, contactId } = await createConversations(db).of(organizationId, own.id, to);
  return { organizationId, id: conversationId, numberId: own.id, contactId, from: own.phoneNumber, to };
};

/** An outgoing text as it goes into the queue. */
export const outgoing = (
  of: Pick<TestConversation, 'organizationId' | 'id' | 'numberId' | 'from' | 'to'>,
  given: Partial<Outgoing> = {},
): Outgoing => ({
  organizationId: of.organizationId,
  id: newId(),
  conversationId: of.id,
  numberId: of.numberId,
  author: 'api',
  from: of.from,
  to: of.to,
  body: 'Hello',
  mediaUrls: [],
  segments: 1,
  encoding: 'gsm7',
  priority: 'normal',
  part: null,
  metadata: {},
  hold: null,
  sendAt: null,
  expiresAt: null,
  createdAt: now(),
  ...given,
});

/** Puts a text into the queue. Returns its id. */
export const queued = async (
  db: Db,
  of: Parameters<typeof outgoing>[0],
  given: Partial<Outgoing> = {},
): Promise<string> => {
  const text = outgoing(of, given);
  await enqueue(db, [text]);
  return text.id;
};

/** What stands between the stores and the pipelines, as main builds it, for tests that need no HTTP. */
export const buildCore = async (
  db: Database,
  { apiUrl = 'http://127.0.0.1:9', longTexts = 'split' as const } = {},
) => {
  const signals = await createSignals(db);
  const credentials = { accountSid, authTokens: ['token-of-the-settings'], apiUrl };
  const accounts = providerAccounts(db, createSealer(secretKey), credentials);
  const directory = createDirectory(db, accounts, signals);
  const conversations = createConversations(db);
  const accept = createAccept({ db, directory, conversations, signals, longTexts });
  return {
    signals,
    accounts,
    directory,
    conversations,
    accept,
    async close() {
      await signals.close();
    },
  };
};

/** X-Twilio-Signature, written anew from Twilio's description: address, then names and values in order of names, HMAC-SHA1. */
export const signature = (token: string, url: string, params: Record<string, string>): string => {
  const names = Object.keys(params).sort();
  const signed = url + names.map((name) => name + params[name]).join('');
  return createHmac('sha1', token).update(Buffer.from(signed, 'utf8')).digest('base64');
};

/** The parameters of an incoming text as Twilio posts them. */
export const incomingForm = (
  text: { from: string; to: string; body?: string; sid?: string },
  more: Record<string, string> = {},
): Record<string, string> => {
  const sid = text.sid ?? nextSid();
  return {
    ToCountry: 'US',
    ToState: '',
    SmsMessageSid: sid,
    NumMedia: '0',
    SmsSid: sid,
    SmsStatus: 'received',
    Body: text.body ?? 'Hello',
    FromCountry: 'US',
    To: text.to,
    NumSegments: '1',
    MessageSid: sid,
    AccountSid: accountSid,
    From: text.from,
    ApiVersion: '2010-04-01',
    ...more,
  };
};

export type Taken = {
  sid: string;
  from: string | null;
  to: string;
  body: string;
  statusCallback: string | null;
  status: string;
  createdAt: Date;
};

/** What the stand-in does with one create: takes and answers, takes and breaks the connection, or answers an error. */
export type OnCreate = 'take' | 'take and break' | 'break' | { status: number; code?: number };

/** A bare HTTP server in Twilio's place: takes texts, lists them, owns whatever number it is told to. */
export const startProvider = async () => {
  const state = {
    /** Every text it took, in order. */
    taken: [] as Taken[],
    onCreate: (_params: URLSearchParams): OnCreate | Promise<OnCreate> => 'take',
    /** Non-zero: the list answers this status. */
    listStatus: 0,
    lists: 0,
  };
  const show = (one: Taken) => ({
    sid: one.sid,
    from: one.from,
    to: one.to,
    body: one.body,
    status: one.status,
    direction: 'outbound-api',
    error_code: null,
    num_segments: '1',
    num_media: '0',
    date_created: one.createdAt.toUTCString().replace('GMT', '+0000'),
  });
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const params = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    const url = new URL(request.url ?? '/', 'http://stand-in');
    if (url.pathname.includes('/IncomingPhoneNumbers'))
      return answer(200, { incoming_phone_numbers: [{ sid: `PN${'0'.repeat(32)}` }] });
    if (request.method === 'GET') {
      state.lists += 1;
      if (state.listStatus !== 0) return answer(state.listStatus, {});
      const from = url.searchParams.get('From');
      const messages = state.taken
        .filter((one) => one.to === url.searchParams.get('To') && (from === null || one.from === from))
        .reverse();
      return answer(200, { messages: messages.map(show), next_page_uri: null });
    }
    const wanted = await state.onCreate(params);
    if (typeof wanted === 'object')
      return answer(wanted.status, { status: wanted.status, code: wanted.code, message: 'No.' });
    if (wanted === 'break') return request.socket.destroy();
    const one: Taken = {
      sid: nextSid(),
      from: params.get('From'),
      to: params.get('To') ?? '',
      body: params.get('Body') ?? '',
      statusCallback: params.get('StatusCallback'),
      status: 'queued',
      createdAt: new Date(),
    };
    state.taken.push(one);
    if (wanted === 'take and break') return request.socket.destroy();
    answer(201, show(one));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(state, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
};
export type TestProvider = Awaited<ReturnType<typeof startProvider>>;

/** The settings of a server with real credentials behind a proxy, whose Twilio is the stand-in. */
export const realSettings = (provider: { url: string }): Record<string, string> => ({
  TWILIO_ACCOUNT_SID: accountSid,
  TWILIO_AUTH_TOKEN: 'the-token-in-use,the-token-to-come',
  TWILIO_API_URL: provider.url,
  PUBLIC_URL: 'https://sms.example.test',
  HOST: '127.0.0.1',
});

export type Answer = { status: number; type: string | null; headers: Headers; text: string; body: Json };

/** No answer may show where in the program something went wrong. */
const trace = /(\\n|\n)\s+at |\.ts:\d|node_modules/;

/** A whole server in this process, as main builds it, on a port of its own. Demo mode unless the settings say otherwise. */
export const startServer = async (
  settings: Record<string, string>,
  { level = 'info' as 'info' | 'error' | 'debug', database = undefined as string | undefined } = {},
) => {
  const made = database === undefined ? await createDatabase() : null;
  const url = database ?? made!.url;
  const lines: string[] = [];
  const config = readConfig({
    PORT: '0',
    DATABASE_URL: url,
    DATABASE_CONNECTIONS: '8',
    ADMIN_TOKEN: adminToken,
    SECRET_KEY: secretKey,
    ...settings,
  });
  // Only who needs a whole server waits for all of it to load.
  const { start } = await import('../src/main.ts');
  const running = await start(config, createLog(level, { write: (line) => void lines.push(line) }));
  const origin = `http://127.0.0.1:${running.port}`;
  const db = openDatabase(url, { connections: 4 });

  /** One request; as the admin unless `token` says otherwise (null: nobody). */
  const call = async (
    method: string,
    path: string,
    {
      body = undefined as unknown,
      raw = undefined as string | undefined,
      token = adminToken as string | null,
      as = undefined as string | undefined,
      headers = {} as Record<string, string>,
    } = {},
  ): Promise<Answer> => {
    const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const answer = await fetch(origin + path, {
      method,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(as !== undefined && { 'trunkline-organization': as }),
        ...(sent !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(sent !== undefined && { body: sent }),
    });
    const text = await answer.text();
    const type = answer.headers.get('content-type');
    if (trace.test(text) && !path.startsWith('/openapi'))
      throw new Error(`An answer shows a stack: ${text.slice(0, 500)}`);
    return {
      status: answer.status,
      type,
      headers: answer.headers,
      text,
      body: /json/.test(type ?? '') ? JSON.parse(text) : null,
    };
  };

  return {
    ...running,
    origin,
    db,
    databaseUrl: url,
    /** The log's lines so far. */
    lines,
    call,
    get: (path: string, options: Parameters<typeof call>[2] = {}) => call('GET', path, options),
    post: (path: string, body: unknown, options: Parameters<typeof call>[2] = {}) =>
      call('POST', path, { body, ...options }),
    /** A form as Twilio posts it. */
    form: (path: string, params: Record<string, string> | string, headers: Record<string, string> = {}) =>
      call('POST', path, {
        token: null,
        raw: typeof params === 'string' ? params : new URLSearchParams(params).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      }),
    /** Stops the server and leaves its database. */
    halt: () => running.stop(),
    async stop() {
      await running.stop();
      await db.close();
      await made?.drop();
    },
  };
};
export type TestServer = Awaited<ReturnType<typeof startServer>>;
