import type { ServerResponse } from 'node:http';
import { type ProviderHarness, providerCases, type WireAct } from '../../../test/provider-cases.ts';
import {
  answerJson,
  createTwilioWire,
  messageResource,
  unusedUrl,
  type WireRequestSeen,
} from '../../../test/twilio-wire.ts';
import { sign, signedParameters } from './signature.ts';
import { createTwilio } from './twilio.ts';

const refusals = {
  recipient: [400, 21211, "The 'To' number +14017122661 is not a valid phone number."],
  opted_out: [400, 21610, 'Attempt to send to unsubscribed recipient'],
  content: [400, 21617, 'The concatenated message body exceeds the 1600 character limit.'],
  configuration: [
    400,
    21606,
    'The From phone number +15558675310 is not a valid, SMS-capable inbound phone number.',
  ],
  authentication: [401, 20003, 'Authenticate'],
} as const;

/** Does to a request what the act says. */
function perform(act: WireAct, request: WireRequestSeen, response: ServerResponse): void {
  if (act.kind === 'accept') {
    const { params } = request;
    const message = { to: params.get('To') ?? '', body: params.get('Body') ?? '', createdAt: new Date(0) };
    answerJson(response, 201, messageResource({ sid: act.providerSid, status: 'queued', ...message }));
  } else if (act.kind === 'refuse') {
    const [status, code, message] = refusals[act.why];
    answerJson(response, status, { code, message, status });
  } else if (act.kind === 'slow_down') {
    answerJson(response, 429, { code: 20429, status: 429 }, { 'retry-after': String(act.afterSeconds) });
  } else if (act.kind === 'server_error') {
    response.writeHead(503, { 'content-type': 'text/html' }).end('<h1>Service Unavailable</h1>');
  } else if (act.kind === 'garbled') {
    response.writeHead(201, { 'content-type': 'application/json' }).end('{"sid":"SM');
  } else if (act.kind === 'reset') {
    response.socket?.resetAndDestroy();
  } else if (act.kind === 'list') {
    const messages = act.messages.map(({ providerSid, delivered, ...message }) =>
      messageResource({ sid: providerSid, status: delivered ? 'delivered' : 'queued', ...message }),
    );
    answerJson(response, 200, { messages, next_page_uri: null });
  }
  // Silence is what is left: the request stays open until its caller gives up.
}

async function makeHarness(): Promise<ProviderHarness> {
  let act: WireAct = { kind: 'server_error' };
  const wire = await createTwilioWire((request, response) => perform(act, request, response));
  const provider = createTwilio({ requestTimeoutMs: 500, connectTimeoutMs: 400 });
  const accountSid = `AC${'0'.repeat(32)}`;
  const credentials = { accountSid, authTokens: ['0123456789abcdef0123456789abcdef'], apiUrl: wire.url };
  const webhook = (url: string, params: URLSearchParams) => ({
    url,
    rawBody: params.toString(),
    contentType: 'application/x-www-form-urlencoded; charset=UTF-8',
    signature: sign(credentials.authTokens[0]!, url + signedParameters(params)),
  });
  return {
    provider,
    credentials,
    unreachable: { ...credentials, apiUrl: await unusedUrl() },
    next: (next) => {
      act = next;
    },
    lastText: () => {
      const params = wire.seen.at(-1)!.params;
      return {
        from: params.get('From') ?? '',
        to: params.get('To') ?? '',
        body: params.get('Body') ?? '',
        mediaUrls: params.getAll('MediaUrl'),
        receiptUrl: params.get('StatusCallback') ?? '',
      };
    },
    mediaUrl: () =>
      `${wire.url}/2010-04-01/Accounts/${accountSid}/Messages/MM${'1'.repeat(32)}/Media/ME${'2'.repeat(32)}`,
    incoming: ({ providerSid, from, to, body, mediaUrls }) => {
      const params = new URLSearchParams({
        MessageSid: providerSid,
        AccountSid: accountSid,
        From: from,
        To: to,
        Body: body,
      });
      params.set('NumMedia', String(mediaUrls.length));
      for (const [at, url] of mediaUrls.entries()) params.set(`MediaUrl${at}`, url);
      for (const name of ['FromCity', 'ToCity']) params.set(name, '');
      return webhook('https://sms.example.org/webhooks/incoming', params);
    },
    receipt: ({ providerSid, messageId, status, errorCode }) => {
      const params = new URLSearchParams({
        MessageSid: providerSid,
        MessageStatus: status,
        AccountSid: accountSid,
      });
      if (errorCode) params.set('ErrorCode', errorCode);
      return webhook(`https://sms.example.org/webhooks/receipts?id=${messageId}`, params);
    },
    close: async () => {
      await wire.close();
      await provider.close();
    },
  };
}

providerCases('twilio', makeHarness);
