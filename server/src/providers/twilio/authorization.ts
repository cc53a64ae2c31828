import type { Credentials } from '../provider.ts';
import { encode } from './encode.ts';

type Known = { accountSid: string; token: string; headers: Record<string, string> };

const known = new WeakMap<Credentials, Known>();

/** Headers of a call, made once per credentials object; null when there is no token to call with. */
export function callHeaders(credentials: Credentials): Record<string, string> | null {
  const token = credentials.authTokens[0];
  if (token === undefined || token === '' || credentials.accountSid === '') return null;
  const before = known.get(credentials);
  if (before && before.token === token && before.accountSid === credentials.accountSid) return before.headers;
  const basic = Buffer.from(`${credentials.accountSid}:${token}`).toString('base64');
  const headers = {
    authorization: `Basic ${basic}`,
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
    'user-agent': 'trunkline',
  };
  known.set(credentials, { accountSid: credentials.accountSid, token, headers });
  return headers;
}

/** The account's resources, from the root of the API. */
export function accountPath(credentials: Credentials): string {
  return `/2010-04-01/Accounts/${encode(credentials.accountSid)}`;
}
