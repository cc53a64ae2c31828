export type SendPlan = {
  /** `accepts`: POST /v1/messages; `sendsms`: Kannel's GET /cgi-bin/sendsms. The same texts to the same phones either way. */
  kind: 'accepts' | 'sendsms';
  from: string;
  /** The phone each goes to. */
  recipients: string[];
  /** `accepts`: the API key. */
  key?: string;
};

const texts = [
  'Your room is ready. The code of the door is 4711, the lift is to the right.',
  'Reminder: your appointment is tomorrow at 10:30. Reply YES to confirm, NO to cancel.',
  'Thank you!',
];

/** Renders sends, whole, one per text. */
export const renderSends = (plan: SendPlan): Buffer[] =>
  plan.recipients.map((to, i) => {
    const body = texts[i % texts.length]!;
    if (plan.kind === 'sendsms') {
      const query = new URLSearchParams({
        username: 'bench',
        password: 'bench',
        from: plan.from,
        to,
        text: body,
      });
      return Buffer.from(
        `GET /cgi-bin/sendsms?${query} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: keep-alive\r\n\r\n`,
      );
    }
    const json = JSON.stringify({ to, body });
    return Buffer.from(
      `POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ` +
        `${Buffer.byteLength(json)}\r\nAuthorization: Bearer ${plan.key}\r\n\r\n${json}`,
    );
  });
