import { Problem } from '../../../base/errors.ts';

/** An answer of the relay: JSON, at the status the old clients know. */
export const say = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  });

/** A refusal as the old clients know it. */
export const refuse = (status: number, message: string, headers: Record<string, string> = {}): Response =>
  say(status, { status: 'error', message }, headers);

/** Thrown where somebody is not let in. It says what to do and not why: whose a number is, is nobody's business. */
export const notOpen = (): Problem =>
  new Problem(
    401,
    'not_open',
    'This is not open to you: list the number in RELAY_OPEN_NUMBERS, or pair the device and send its token as Authorization: Bearer.',
  );
