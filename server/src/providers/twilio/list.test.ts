import { afterEach, describe, expect, test } from 'vitest';
import {
  answerJson,
  createTwilioWire,
  messageResource,
  type WireHandler,
} from '../../../test/twilio-wire.ts';
import { createTwilio } from './twilio.ts';

const from = '+15558675310';
const to = '+14017122661';
const since = new Date('2026-03-01T12:00:00Z');
const resource = (sid: string, seconds: number) =>
  messageResource({
    sid,
    from,
    to,
    body: 'Hi',
    status: 'sent',
    createdAt: new Date(since.getTime() + seconds * 1000),
  });

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

async function start(handle: WireHandler) {
  const wire = await createTwilioWire(handle);
  const provider = createTwilio({ requestTimeoutMs: 1000 });
  open.push(wire, provider);
  const credentials = { accountSid: 'AC01', authTokens: ['secret'], apiUrl: `${wire.url}/base` };
  return { wire, provider, credentials };
}

describe('list', () => {
  /** Pages of the messages given, each linking to the next. */
  const paged =
    (pages: unknown[][]): WireHandler =>
    (request, response) => {
      const page = Number(new URLSearchParams(request.path.split('?')[1]).get('Page') ?? 0);
      const next =
        page + 1 < pages.length
          ? `/2010-04-01/Accounts/AC01/Messages.json?Page=${page + 1}&PageToken=x`
          : null;
      answerJson(response, 200, { messages: pages[page], next_page_uri: next });
    };

  test('asks for the pair, follows the pages, and stops at a page that is older', async () => {
    const pages = [
      [resource('SM4', 4), resource('SM1', 1)],
      [resource('SMold', -1), resource('SM2', 2)],
      [resource('SMx', -5)],
      [resource('SMy', 9)],
    ];
    const { wire, provider, credentials } = await start(paged(pages));
    const messages = await provider.list({ from, to, since }, credentials);
    expect(messages.map((message) => message.providerSid)).toEqual(['SM4', 'SM2', 'SM1']);
    expect(wire.seen.map((request) => request.path)).toEqual([
      '/base/2010-04-01/Accounts/AC01/Messages.json?To=%2B14017122661&From=%2B15558675310&PageSize=50',
      '/base/2010-04-01/Accounts/AC01/Messages.json?Page=1&PageToken=x',
      '/base/2010-04-01/Accounts/AC01/Messages.json?Page=2&PageToken=x',
    ]);
  });

  test('without a sender it lists by recipient', async () => {
    const { wire, provider, credentials } = await start(paged([[]]));
    expect(await provider.list({ from: '', to, since }, credentials)).toEqual([]);
    expect(wire.seen[0]!.path).toContain('?To=%2B14017122661&PageSize=50');
  });

  test('reads times with a zone, errors, and senders not chosen yet', async () => {
    const odd = {
      ...resource('SM1', 0),
      from: null,
      status: 'undelivered',
      error_code: 30003,
      date_created: 'Sun, 01 Mar 2026 14:00:05 +0200',
    };
    const { provider, credentials } = await start(
      paged([[odd, { ...resource('SM2', 0), direction: 'inbound' }]]),
    );
    const [first, second] = await provider.list({ from, to, since }, credentials);
    expect(first).toEqual({
      providerSid: 'SM1',
      from: null,
      to,
      body: 'Hi',
      status: 'undelivered',
      rawStatus: 'undelivered',
      errorCode: '30003',
      direction: 'outbound',
      createdAt: new Date('2026-03-01T12:00:05Z'),
    });
    expect(second).toMatchObject({ direction: 'inbound' });
  });

  test.each<[string, (page: Record<string, unknown>) => unknown]>([
    ['no list', () => ({})],
    ['a message without an id', (page) => ({ ...page, messages: [{ ...resource('SM1', 1), sid: null }] })],
    [
      'a message without a date',
      (page) => ({ ...page, messages: [{ ...resource('SM1', 1), date_created: 'yesterday' }] }),
    ],
    ['a next page elsewhere', (page) => ({ ...page, next_page_uri: 'https://evil.example.org/' })],
    ['a next page on another host', (page) => ({ ...page, next_page_uri: '//evil.example.org/' })],
  ])('no answer rather than a doubtful one: %s', async (_, change) => {
    const body = change({ messages: [resource('SM1', 1)], next_page_uri: null });
    const { wire, provider, credentials } = await start((_request, response) =>
      answerJson(response, 200, body),
    );
    await expect(provider.list({ from, to, since }, credentials)).rejects.toMatchObject({
      name: 'ProviderUnavailable',
    });
    expect(wire.seen.length).toBe(1);
  });

  test('no answer rather than a part of it', async () => {
    const { wire, provider, credentials } = await start(
      paged(Array.from({ length: 9 }, (_, at) => [resource(`SM${at}`, 9 - at)])),
    );
    await expect(provider.list({ from, to, since }, credentials)).rejects.toMatchObject({
      name: 'ProviderUnavailable',
      class: 'request',
    });
    expect(wire.seen.length).toBe(5);
  });

  test('says what is wrong and how long to wait, and no secret', async () => {
    const refuse = (status: number, body: unknown, headers = {}) =>
      start((_request, response) => answerJson(response, status, body, headers));
    const limited = await refuse(429, { code: 20429 }, { 'retry-after': '4' });
    await expect(limited.provider.list({ from, to, since }, limited.credentials)).rejects.toMatchObject({
      class: 'rate_limit',
      code: '20429',
      afterMs: 4000,
    });
    const wrong = await refuse(401, { code: 20003, message: `secret ${to}` });
    await expect(wrong.provider.list({ from, to, since }, wrong.credentials)).rejects.toMatchObject({
      class: 'authentication',
      message: expect.not.stringMatching(/secret|4017122661/),
    });
    const none = { ...wrong.credentials, authTokens: [] };
    await expect(wrong.provider.list({ from, to, since }, none)).rejects.toMatchObject({
      class: 'configuration',
    });
  });
});

test('fetchMessage: one message, or null when there is none', async () => {
  const { wire, provider, credentials } = await start((request, response) => {
    if (request.path.includes('SM1')) answerJson(response, 200, resource('SM1', 0));
    else answerJson(response, 404, { code: 20404, status: 404 });
  });
  expect(await provider.fetchMessage('SM1', credentials)).toMatchObject({
    providerSid: 'SM1',
    status: 'sent',
  });
  expect(await provider.fetchMessage('SM/2\ud800', credentials)).toBeNull();
  expect(wire.seen.map((request) => request.path.split('/').at(-1))).toEqual([
    'SM1.json',
    'SM%2F2%EF%BF%BD.json',
  ]);
});
