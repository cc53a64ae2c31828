import type { Conversation, Message, MessageRecord, Page, PhoneNumber } from '@trunkline/contract';
import {
  demoAccount,
  type Fault,
  type FaultWithUse,
  type LedgerEntry,
  type PhoneMessage,
  type PhoneMessageWithWebhook,
  type PhoneText,
  type SimulatorSettings,
  type WebhookAttempt,
} from '@trunkline/contract/simulator';
import { startSimulator } from '@trunkline/simulator';
import { type Database, openDatabase } from '../../src/base/db.ts';
import { freePort, type RunningServer, startServer } from '../run-server.ts';
import { openDoor } from './door.ts';
import { follow } from './follow.ts';
import { until } from './until.ts';

export type StandOptions = {
  databaseUrl: string;
  signed?: boolean;
  env?: Record<string, string>;
  settings?: Partial<SimulatorSettings>;
};

/** The number that an assistant answers on every stand. */
export const ourNumber = '+15550100100';

const answerOf = async <T>(response: Response): Promise<T> => {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} of ${response.url}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
};

/** A whole world for a journey: a simulator, a door, and a server behind it that can be killed and started again. */
export const openStand = async (options: StandOptions) => {
  const simulator = await startSimulator();
  const port = await freePort();
  const door = await openDoor(port);
  const db: Database = openDatabase(options.databaseUrl, { connections: 4 });
  const launch = () =>
    startServer({
      databaseUrl: options.databaseUrl,
      simulatorUrl: simulator.url,
      port,
      publicUrl: door.url,
      signed: options.signed ?? false,
      env: { TWILIO_PHONE_NUMBER: ourNumber, ...options.env },
    });
  let server: RunningServer = await launch();

  const control = async <T>(method: string, path: string, body?: unknown): Promise<T> =>
    answerOf(
      await fetch(`${simulator.url}/simulator${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
  const headers = { authorization: `Bearer ${server.adminToken}` };
  /** One request to the API, whatever it answers. */
  const request = (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(`${server.url}${path}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const api = async <T>(method: string, path: string, body?: unknown): Promise<T> =>
    answerOf(await request(method, path, body));
  const all = async <T>(path: string): Promise<T[]> => {
    const found: T[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Page<T> = await api('GET', `${path}limit=100${cursor ? `&cursor=${cursor}` : ''}`);
      found.push(...page.data);
      cursor = page.nextCursor;
    }
    return found;
  };

  const stand = {
    db,
    simulatorUrl: simulator.url,
    server: () => server,
    control,
    request,
    api,

    /** Starts the server again where it was. */
    async restart() {
      server = await launch();
    },
    settings: (settings: Partial<SimulatorSettings>) => control('PUT', '/settings', settings),
    fault: (fault: Fault) => control<FaultWithUse>('POST', '/faults', fault),
    /** How often a fault has applied. */
    used: async (id: string) =>
      (await control<{ data: FaultWithUse[] }>('GET', '/faults')).data.find((one) => one.id === id)!.used,
    /** The phone texts our number; resolves at once, the webhook is under way. */
    text: (phone: string, body: string, media: PhoneText['media'] = []) =>
      control<PhoneMessage>('POST', `/phones/${phone}/messages`, { to: ourNumber, body, media }),
    /** The same, resolving when the webhook's attempts have ended. */
    textAndWait: (phone: string, body: string) =>
      control<PhoneMessageWithWebhook>('POST', `/phones/${phone}/messages?wait=webhook`, {
        to: ourNumber,
        body,
      }),
    /** What is on the phone's screen. */
    screen: async (phone: string) =>
      (await control<{ data: PhoneMessage[] }>('GET', `/phones/${phone}/messages`)).data,
    /** What our API calls have made the simulator take, to one phone or to all, oldest first. */
    ledger: async (to?: string) =>
      (
        await control<{ data: LedgerEntry[] }>('GET', `/ledger${to ? `?to=${encodeURIComponent(to)}` : ''}`)
      ).data.filter((one) => one.direction === 'outbound-api'),
    webhooks: async (query: string) =>
      (await control<{ data: WebhookAttempt[] }>('GET', `/webhooks?${query}`)).data,
    followPhone: (phone: string) => follow<PhoneMessage>(`${simulator.url}/simulator/phones/${phone}/events`),
    followEvents: <T>() => follow<T>(`${server.url}/v1/events`, headers),

    conversations: () => all<Conversation>('/v1/conversations?'),
    conversationWith: async (phone: string) =>
      (await stand.conversations()).find((one) => one.contact.phoneNumber === phone),
    /** The messages of the conversation with a phone, oldest first. */
    async messages(phone: string): Promise<Message[]> {
      const conversation = await stand.conversationWith(phone);
      if (!conversation) return [];
      return (await all<Message>(`/v1/conversations/${conversation.id}/messages?`)).reverse();
    },
    record: (id: string) => api<MessageRecord>('GET', `/v1/messages/${id}`),
    /** Messages of ours that still have to go somewhere, and turns not yet taken: in one look, as one becomes the other. */
    async unsettled(): Promise<number> {
      const [row] = await db.query<{ open: number }>(
        `select (select count(*) from messages where status in ('queued', 'sending', 'unknown'))
           + (select count(*) from turns where status in ('waiting', 'running')) as open`,
      );
      return row!.open;
    },
    settled: (withinMs?: number) =>
      until('everything to be settled', async () => (await stand.unsettled()) === 0, withinMs),

    async close() {
      await server.kill();
      await Promise.all([door.close(), simulator.close(), db.close()]);
    },
  };

  try {
    await stand.settings({ sentAfterMs: 60, deliveredAfterMs: 90, ...options.settings });
    if (options.signed) {
      await own(simulator.url, `${door.url}/webhooks/twilio/sms#rc=5&rp=all`);
      const numbers = await api<Page<PhoneNumber>>('GET', '/v1/numbers');
      const assistants = await api<Page<{ id: string }>>('GET', '/v1/assistants');
      await api('PATCH', `/v1/numbers/${numbers.data[0]!.id}`, {
        responder: { kind: 'assistant', assistantId: assistants.data[0]!.id },
      });
    }
  } catch (error) {
    await stand.close();
    throw error;
  }
  return stand;
};
export type Stand = Awaited<ReturnType<typeof openStand>>;

/** What one does in Twilio's console: the number, with the address its texts go to. */
const own = async (simulatorUrl: string, smsUrl: string) => {
  const account = `${simulatorUrl}/2010-04-01/Accounts/${demoAccount.accountSid}`;
  await answerOf(
    await fetch(`${account}/IncomingPhoneNumbers.json`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${btoa(`${demoAccount.accountSid}:${demoAccount.authToken}`)}`,
      },
      body: new URLSearchParams({ PhoneNumber: ourNumber, SmsUrl: smsUrl }),
    }),
  );
};
