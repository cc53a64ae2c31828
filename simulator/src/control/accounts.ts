import { newAccountSchema, type SimulatedAccount, secondaryTokenSchema } from '@trunkline/contract/simulator';
import type { Account } from '../accounts.ts';
import { newSid } from '../ids.ts';
import { type ControlAnswer, type ControlRequest, list, nothingHere, problem } from './answer.ts';

/** /simulator/accounts: POST makes one, GET lists them; PUT sets a secondary token, POST …/promote makes it the primary. */
export function accounts(request: ControlRequest): ControlAnswer {
  const { world, method, parts, body } = request;
  const [, sid, action] = parts;
  if (sid === undefined) {
    if (method === 'GET') return list(world.accounts.all().map(accountJson));
    return method === 'POST' ? makeAccount(request) : nothingHere;
  }
  const account = world.accounts.get(sid);
  if (!account) return problem(404, 'not_found', 'There is no such account.');
  if (action === undefined && method === 'PUT') {
    account.secondaryAuthToken = secondaryTokenSchema.parse(body).secondaryAuthToken;
  } else if (action === 'promote' && method === 'POST') {
    if (account.secondaryAuthToken === null) {
      return problem(409, 'no_secondary', 'The account has no secondary auth token to promote.');
    }
    account.authToken = account.secondaryAuthToken;
    account.secondaryAuthToken = null;
  } else if (action !== undefined || method !== 'GET') return nothingHere;
  return { status: 200, json: accountJson(account) };
}

function makeAccount({ world, body }: ControlRequest): ControlAnswer {
  const wanted = newAccountSchema.parse(body);
  const sid = wanted.accountSid ?? newSid('AC');
  if (world.accounts.get(sid)) return problem(409, 'exists', 'There is such an account already.');
  const account = world.accounts.add(
    {
      sid,
      authToken: wanted.authToken ?? newSid(''),
      secondaryAuthToken: wanted.secondaryAuthToken,
      friendlyName: wanted.friendlyName,
      apiKeys: new Map(wanted.apiKeys.map((key) => [key.sid, key.secret])),
      trial: wanted.trial,
      verified: new Set(wanted.verifiedNumbers),
    },
    world.time.now(),
  );
  return { status: 201, json: accountJson(account) };
}

function accountJson(account: Account): SimulatedAccount {
  return {
    accountSid: account.sid,
    authToken: account.authToken,
    secondaryAuthToken: account.secondaryAuthToken,
    friendlyName: account.friendlyName,
    apiKeys: [...account.apiKeys].map(([sid, secret]) => ({ sid, secret })),
    trial: account.trial,
    verifiedNumbers: [...account.verified],
  };
}
