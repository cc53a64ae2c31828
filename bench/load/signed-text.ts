import { createHmac, randomBytes } from 'node:crypto';

/** One signed webhook of an incoming text, whole, as Twilio posts it. */
export const renderSignedText = (
  account: { accountSid: string; authToken: string; publicUrl: string },
  text: { from: string; to: string; body: string },
): Buffer => {
  const target = '/webhooks/twilio/sms';
  const sid = `SM${randomBytes(16).toString('hex')}`;
  const params: Record<string, string> = {
    AccountSid: account.accountSid,
    ApiVersion: '2010-04-01',
    Body: text.body,
    From: text.from,
    MessageSid: sid,
    NumMedia: '0',
    NumSegments: '1',
    SmsMessageSid: sid,
    SmsSid: sid,
    SmsStatus: 'received',
    To: text.to,
  };
  const signed = Object.keys(params)
    .sort()
    .reduce((all, name) => all + name + params[name], account.publicUrl + target);
  const signature = createHmac('sha1', account.authToken).update(signed, 'utf8').digest('base64');
  const body = new URLSearchParams(params).toString();
  return Buffer.from(
    `POST ${target} HTTP/1.1\r\nHost: ${new URL(account.publicUrl).host}\r\nContent-Type: application/x-www-form-urlencoded\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nX-Twilio-Signature: ${signature}\r\n\r\n${body}`,
  );
};
