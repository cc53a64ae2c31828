import type { Credentials } from '../providers/provider.ts';

/**
 * Makes the simulator's account own these numbers, with our webhook set on them, as one would do in Twilio's console. Uses Twilio's own
 * API for it, so it can be run at every start.
 */
export const ownNumbers = async (
  credentials: Credentials,
  numbers: string[],
  webhookUrl: string,
): Promise<void> => {
  const base = `${credentials.apiUrl}/2010-04-01/Accounts/${credentials.accountSid}/IncomingPhoneNumbers`;
  const headers = {
    authorization: `Basic ${btoa(`${credentials.accountSid}:${credentials.authTokens[0]}`)}`,
    'content-type': 'application/x-www-form-urlencoded',
  };
  const ask = async (url: string, init?: RequestInit) => {
    const answer = await fetch(url, { ...init, headers });
    if (!answer.ok) throw new Error(`The simulator answered ${answer.status} when it was given our numbers.`);
    return (await answer.json()) as { incoming_phone_numbers?: { sid: string }[] };
  };
  for (const number of numbers) {
    const found = await ask(`${base}.json?PhoneNumber=${encodeURIComponent(number)}`);
    const sid = found.incoming_phone_numbers?.[0]?.sid;
    // Up to five tries on any failure: a text that arrives while we restart comes again.
    const body = new URLSearchParams({ SmsUrl: `${webhookUrl}#rc=5&rp=all`, SmsMethod: 'POST' });
    if (!sid) body.set('PhoneNumber', number);
    await ask(sid ? `${base}/${sid}.json` : `${base}.json`, { method: 'POST', body: body.toString() });
  }
};

/** Puts a first virtual phone on the table. */
export const offerPhone = async (simulatorUrl: string): Promise<void> => {
  await fetch(`${simulatorUrl}/simulator/phones/%2B15550100001`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ label: "Ada's phone" }),
  });
};
