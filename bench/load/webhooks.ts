import { createHmac, randomBytes } from 'node:crypto';

export type WebhookPlan = {
  kind: 'webhooks';
  accountSid: string;
  authToken: string;
  publicUrl: string;
  /** The number of ours the texts are for. */
  to: string;
  /** The phone each comes from. */
  senders: string[];
};

/** Every hundredth request is one sent again, as a provider does that has not seen our answer; 50 requests apart. */
const repeatEvery = 100;
const repeatBack = 50;

/** How many different texts there are among the first `requests` requests. */
export const distinct = (requests: number): number => requests - Math.floor(requests / repeatEvery);

const texts = [
  'Hi, is the room still free on Friday? We would arrive at about nine in the evening.',
  'Yes',
  'Thank you! See you tomorrow then & have a good night',
  'Wir kommen etwas später an, gegen 22 Uhr. Ist das möglich?',
  'Could you send me the address again please? I am at the station and my map shows two streets of that name.',
  'ok 👍',
];

const places = [
  { city: 'SAN FRANCISCO', state: 'CA', zip: '94103' },
  { city: '', state: 'ON', zip: '' },
  { city: 'NEW YORK', state: 'NY', zip: '10001' },
];

/**
 * Renders signed webhooks as Twilio sends them (https://www.twilio.com/docs/messaging/guides/webhook-request), whole, so that the
 * clock measures the server and not the signing.
 */
export const renderWebhooks = (plan: WebhookPlan): Buffer[] => {
  const target = '/webhooks/twilio/sms';
  const url = plan.publicUrl + target;
  const host = new URL(plan.publicUrl).host;
  const requests: Buffer[] = [];
  for (let i = 0; i < plan.senders.length; i++) {
    if ((i + 1) % repeatEvery === 0 && i >= repeatBack) {
      requests.push(requests[i - repeatBack]!);
      continue;
    }
    const sid = `SM${randomBytes(16).toString('hex')}`;
    const place = places[i % places.length]!;
    const params: Record<string, string> = {
      ToCountry: 'US',
      ToState: 'CA',
      SmsMessageSid: sid,
      NumMedia: '0',
      ToCity: '',
      FromZip: place.zip,
      SmsSid: sid,
      FromState: place.state,
      SmsStatus: 'received',
      FromCity: place.city,
      Body: texts[i % texts.length]!,
      FromCountry: 'US',
      To: plan.to,
      ToZip: '',
      NumSegments: '1',
      MessageSid: sid,
      AccountSid: plan.accountSid,
      From: plan.senders[i]!,
      ApiVersion: '2010-04-01',
    };
    const signed = Object.keys(params)
      .sort()
      .reduce((text, name) => text + name + params[name], url);
    const signature = createHmac('sha1', plan.authToken).update(signed, 'utf8').digest('base64');
    const body = new URLSearchParams(params).toString();
    requests.push(
      Buffer.from(
        `POST ${target} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/x-www-form-urlencoded; charset=utf-8\r\n` +
          `Content-Length: ${Buffer.byteLength(body)}\r\nX-Twilio-Signature: ${signature}\r\nI-Twilio-Idempotency-Token: ` +
          `${randomBytes(16).toString('hex')}\r\nAccept: */*\r\nUser-Agent: TwilioProxy/1.1\r\n\r\n${body}`,
      ),
    );
  }
  return requests;
};
