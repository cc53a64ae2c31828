import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  Credentials,
  Outcome,
  OutgoingText,
  Provider,
  ReceiptStatus,
} from '../src/providers/provider.ts';
import { ProviderUnavailable } from '../src/providers/provider-unavailable.ts';

/** What the wire does with the next request, in words that fit every provider. */
export type WireAct =
  | { kind: 'accept'; providerSid: string }
  | { kind: 'refuse'; why: 'recipient' | 'opted_out' | 'content' | 'configuration' | 'authentication' }
  | { kind: 'slow_down'; afterSeconds: number }
  | { kind: 'server_error' }
  /** Takes the text and answers 2xx with something that can't be read. */
  | { kind: 'garbled' }
  /** Takes the text, then never answers. */
  | { kind: 'silence' }
  /** Reads the request, then resets the connection. */
  | { kind: 'reset' }
  | { kind: 'list'; messages: WireMessage[] };

type WireMessage = {
  providerSid: string;
  from: string;
  to: string;
  body: string;
  createdAt: Date;
  delivered: boolean;
};

type Webhook = { url: string; rawBody: string; contentType: string; signature: string };

export type ProviderHarness = {
  /** With a time limit of half a second, so that silence ends soon. */
  provider: Provider;
  credentials: Credentials;
  /** The same account at an address where nothing listens. */
  unreachable: Credentials;
  /** Sets what happens to the next request. */
  next(act: WireAct): void;
  /** The text of the request that came last, as the provider would understand it. */
  lastText(): { from: string; to: string; body: string; mediaUrls: string[]; receiptUrl: string };
  /** The address of a medium as the provider writes it into a webhook. */
  mediaUrl(): string;
  incoming(text: {
    providerSid: string;
    from: string;
    to: string;
    body: string;
    mediaUrls: string[];
  }): Webhook;
  /** `status` in our words; the harness says it in the provider's. */
  receipt(receipt: {
    providerSid: string;
    messageId: string;
    status: ReceiptStatus;
    errorCode: string | null;
  }): Webhook;
  close(): Promise<void>;
};

const from = '+15558675310';
const to = '+14017122661';
const messageId = '0198f000-0000-7000-8000-000000000001';
const text: OutgoingText = {
  messageId,
  from,
  to,
  body: 'Your table is ready: 100 % & "fine" + 👍\nünïcode',
  mediaUrls: [],
  messagingServiceSid: null,
  statusCallbackUrl: 'https://sms.example.org/webhooks/receipts?tenant=a%2Fb',
  validitySeconds: null,
};

/** The cases every provider passes. `makeHarness` builds its adapter on a stub of its wire. */
export function providerCases(name: string, makeHarness: () => Promise<ProviderHarness>): void {
  describe(`${name} keeps the contract of a provider`, () => {
    let harness: ProviderHarness;
    beforeAll(async () => {
      harness = await makeHarness();
    });
    afterAll(() => harness.close());

    const outcomes: [string, WireAct, Partial<Outcome>][] = [
      ['taken', { kind: 'accept', providerSid: 'SM0a' }, { kind: 'sent', providerSid: 'SM0a' }],
      ['a wrong recipient', { kind: 'refuse', why: 'recipient' }, { kind: 'failed', class: 'recipient' }],
      [
        'an opted-out recipient',
        { kind: 'refuse', why: 'opted_out' },
        { kind: 'failed', class: 'opted_out' },
      ],
      ['a refused content', { kind: 'refuse', why: 'content' }, { kind: 'failed', class: 'content' }],
      [
        'a wrong sender',
        { kind: 'refuse', why: 'configuration' },
        { kind: 'failed', class: 'configuration' },
      ],
      [
        'a wrong token',
        { kind: 'refuse', why: 'authentication' },
        { kind: 'failed', class: 'authentication' },
      ],
      [
        'too fast',
        { kind: 'slow_down', afterSeconds: 7 },
        { kind: 'retry', class: 'rate_limit', afterMs: 7000 },
      ],
      ['a server error', { kind: 'server_error' }, { kind: 'unknown' }],
      ['an unreadable yes', { kind: 'garbled' }, { kind: 'unknown' }],
      ['no answer', { kind: 'silence' }, { kind: 'unknown' }],
      ['a reset after reading', { kind: 'reset' }, { kind: 'unknown' }],
    ];
    test.each(outcomes)('send: %s', async (_, act, expected) => {
      harness.next(act);
      const outcome = await harness.provider.send(text, harness.credentials);
      expect(outcome).toMatchObject(expected);
      expectDiscreet(outcome, harness.credentials);
    });

    test('send: nothing listens: certainly not taken', async () => {
      const outcome = await harness.provider.send(text, harness.unreachable);
      expect(outcome).toMatchObject({ kind: 'retry', class: 'transient' });
      expectDiscreet(outcome, harness.unreachable);
    });

    test.each(['', 'no address', 'ftp://example.org', 'http://'])(
      'send: the address %j is our mistake',
      async (apiUrl) => {
        const outcome = await harness.provider.send(text, { ...harness.credentials, apiUrl });
        expect(outcome).toMatchObject({ kind: 'failed', class: 'configuration' });
      },
    );

    test('send: the text arrives whole, with our id in the receipt address', async () => {
      const mediaUrls = ['https://example.org/a.png?x=1&y=ü', 'https://example.org/b.jpg'];
      harness.next({ kind: 'accept', providerSid: 'SM0b' });
      await harness.provider.send({ ...text, mediaUrls }, harness.credentials);
      const { receiptUrl, ...sent } = harness.lastText();
      expect(sent).toEqual({ from, to, body: text.body, mediaUrls });
      const url = new URL(receiptUrl);
      expect(url.searchParams.get('id')).toBe(messageId);
      expect(url.searchParams.get('tenant')).toBe('a/b');
      expect(url.pathname).toBe('/webhooks/receipts');
    });

    test('send: half a surrogate pair does no harm', async () => {
      harness.next({ kind: 'accept', providerSid: 'SM0c' });
      const outcome = await harness.provider.send({ ...text, body: 'a\ud83d' }, harness.credentials);
      expect(outcome.kind).toBe('sent');
      expect(harness.lastText().body).toBe('a\ufffd');
    });

    const incoming = {
      providerSid: 'SM0d',
      from: to,
      to: from,
      body: 'Hello 👍 & = + ünïcode',
      mediaUrls: ['https://api.example.org/media/1'],
    };
    const verify = (
      webhook: Webhook,
      changed: Partial<Omit<Webhook, 'signature'>> & { tokens?: string[]; signature?: string | null } = {},
    ) => {
      const { url, rawBody, contentType, signature } = { ...webhook, ...changed };
      return harness.provider.verify(
        { urls: [url], rawBody, contentType, signature },
        changed.tokens ?? harness.credentials.authTokens,
      );
    };

    test('verify: its own webhooks are good, with any token of the list', () => {
      const tokens = ['ffffffffffffffffffffffffffffffff', ...harness.credentials.authTokens];
      expect(verify(harness.incoming(incoming))).toEqual({ ok: true });
      expect(verify(harness.incoming(incoming), { tokens })).toEqual({ ok: true });
      const receipt = harness.receipt({ providerSid: 'SM0d', messageId, status: 'sent', errorCode: null });
      expect(verify(receipt)).toEqual({ ok: true });
    });

    test('verify: no signature, no token, a changed body, another address: all bad', () => {
      const webhook = harness.incoming(incoming);
      expect(verify(webhook, { signature: null })).toMatchObject({ ok: false, reason: 'missing_signature' });
      expect(verify(webhook, { signature: 'x' })).toMatchObject({ ok: false });
      expect(verify(webhook, { tokens: [] })).toMatchObject({ ok: false, reason: 'wrong_token' });
      expect(verify(webhook, { tokens: ['0'.repeat(32)] })).toMatchObject({
        ok: false,
        reason: 'wrong_token',
      });
      expect(verify(webhook, { rawBody: webhook.rawBody.replace('Hello', 'Jello') })).toMatchObject({
        ok: false,
      });
      expect(verify(webhook, { url: 'https://elsewhere.example.org/x' })).toMatchObject({ ok: false });
      expect(verify(webhook, { url: 'no address' })).toMatchObject({ ok: false });
    });

    test('parseIncoming: the text is all there', () => {
      const parsed = harness.provider.parseIncoming(new URLSearchParams(harness.incoming(incoming).rawBody));
      expect(parsed).toMatchObject({ ok: true, text: { ...incoming, optOut: null, segments: 1 } });
      expect(harness.provider.parseIncoming(new URLSearchParams('a=b')).ok).toBe(false);
    });

    const statuses: ReceiptStatus[] = [
      'queued',
      'sending',
      'sent',
      'delivered',
      'undelivered',
      'failed',
      'read',
      'canceled',
    ];
    test.each(statuses)('parseReceipt: %s', (status) => {
      const errorCode = status === 'failed' || status === 'undelivered' ? '30003' : null;
      const webhook = harness.receipt({ providerSid: 'SM0e', messageId, status, errorCode });
      const query = new URL(webhook.url).searchParams;
      const parsed = harness.provider.parseReceipt(new URLSearchParams(webhook.rawBody), query);
      expect(parsed).toMatchObject({
        ok: true,
        receipt: { providerSid: 'SM0e', messageId, status, errorCode },
      });
      expect(harness.provider.parseReceipt(new URLSearchParams(), query).ok).toBe(false);
    });

    const since = new Date('2026-03-01T12:00:00Z');
    const listed = (providerSid: string, minutes: number): WireMessage => ({
      providerSid,
      from,
      to,
      body: 'Hi',
      createdAt: new Date(since.getTime() + minutes * 60_000),
      delivered: minutes < 2,
    });

    test('list: what is not older than asked, newest first', async () => {
      harness.next({ kind: 'list', messages: [listed('SM03', 3), listed('SM01', 0), listed('SM00', -1)] });
      const messages = await harness.provider.list({ from, to, since }, harness.credentials);
      expect(messages.map((message) => message.providerSid)).toEqual(['SM03', 'SM01']);
      expect(messages[1]).toMatchObject({
        from,
        to,
        body: 'Hi',
        status: 'delivered',
        direction: 'outbound',
        createdAt: since,
      });
    });

    const noAnswer: WireAct[] = [
      { kind: 'server_error' },
      { kind: 'garbled' },
      { kind: 'silence' },
      { kind: 'reset' },
      { kind: 'refuse', why: 'authentication' },
      { kind: 'slow_down', afterSeconds: 3 },
    ];
    test.each(noAnswer)('list: $kind is no answer', async (act) => {
      harness.next(act);
      const asked = harness.provider.list({ from, to, since }, harness.credentials);
      await expect(asked).rejects.toBeInstanceOf(ProviderUnavailable);
      harness.next(act);
      const fetched = harness.provider.fetchMessage('SM01', harness.credentials);
      await expect(fetched).rejects.toBeInstanceOf(ProviderUnavailable);
    });

    test('mediaRequest: credentials go to the provider alone', () => {
      const { provider, credentials } = harness;
      const own = provider.mediaRequest(harness.mediaUrl(), credentials);
      expect(own.headers.authorization).toBeTruthy();
      expect(new URL(own.deleteUrl!).origin).toBe(new URL(harness.mediaUrl()).origin);
      const { host, pathname } = new URL(harness.mediaUrl());
      for (const foreign of [
        `https://elsewhere.example.org${pathname}`,
        `http://${host}.example.org${pathname}`,
        `http://${host}@elsewhere.example.org${pathname}`,
        `http://elsewhere.example.org/${host}${pathname}`,
        `ftp://${host}${pathname}`,
        'http://127.0.0.1:1/',
        'no address',
        '',
      ])
        expect(provider.mediaRequest(foreign, credentials), foreign).toEqual({
          headers: {},
          deleteUrl: null,
        });
      const without = provider.mediaRequest(harness.mediaUrl(), { ...credentials, authTokens: [] });
      expect(without).toEqual({ headers: {}, deleteUrl: null });
    });

    test('explainError: any code has a sentence', () => {
      for (const code of ['30003', '99999', '', 'rubbish', '-1']) {
        const explained = harness.provider.explainError(code);
        expect(explained.sentence).toMatch(/^[A-Z].*\.$/);
        expect(explained.retryable).toBe(explained.retries > 0);
      }
    });

    test('close: what comes after is certainly not sent', async () => {
      const other = await makeHarness();
      await other.provider.close();
      expect(await other.provider.send(text, other.credentials)).toMatchObject({
        kind: 'retry',
        class: 'transient',
      });
      await expect(other.provider.list({ from, to, since }, other.credentials)).rejects.toBeInstanceOf(
        ProviderUnavailable,
      );
      await other.close();
    });
  });
}

/** No secret, number or body may be in what is logged and shown. */
function expectDiscreet(outcome: Outcome, credentials: Credentials): void {
  const shown = JSON.stringify(outcome);
  for (const secret of [
    ...credentials.authTokens,
    'Basic',
    to.slice(1),
    from.slice(1),
    'Your table',
    '127.0.0.1',
  ]) {
    expect(shown).not.toContain(secret);
  }
}
