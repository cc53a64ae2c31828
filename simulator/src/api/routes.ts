import type { FaultFacts, SetFault } from '../faults.ts';
import type { Message } from '../message.ts';
import { readNumber } from '../validity.ts';
import { accountJson } from './accounts.ts';
import { createMessage } from './create-message.ts';
import { listMessages } from './list-messages.ts';
import { listMedia, oneMedia } from './media.ts';
import { manyServices, onePoolNumber, oneService, poolNumbers } from './messaging-services.ts';
import { manyNumbers, oneNumber } from './numbers.ts';
import { createFeedback, deleteMessage, fetchMessage, updateMessage } from './one-message.ts';
import { notFound, ok, type Reply, refuse } from './reply.ts';
import type { ApiRequest } from './request.ts';

/** What a request asks for: which faults meet it, what it is about, and how it is done. */
export interface Operation {
  on: SetFault['on'];
  facts(request: ApiRequest): FaultFacts;
  run(request: ApiRequest): Reply | Promise<Reply>;
}

const noFacts = () => ({});

/** Returns the operation behind method and path, or Twilio's 404 or 405. Sets `parts` and `json` of the request. */
export function findOperation(request: ApiRequest): Operation | Reply {
  const segments = request.path.split('/').slice(1);
  const last = segments.length - 1;
  request.json = segments[last]!.endsWith('.json');
  if (request.json) segments[last] = segments[last]!.slice(0, -5);
  if (segments[0] === '2010-04-01' && segments[1] === 'Accounts') {
    if (segments[2] === undefined || segments[2] === '') return operation(listAccounts);
    if (segments[2] !== request.account.sid) return notFound(request.path);
    request.parts = segments.slice(3);
    return ofAccount(request);
  }
  if (segments[0] === 'v1' && segments[1] === 'Services') {
    request.parts = segments.slice(2);
    return ofServices(request);
  }
  return notFound(request.path);
}

function ofAccount(request: ApiRequest): Operation | Reply {
  const { method, parts, path } = request;
  const [resource, sid] = parts;
  if (resource === undefined)
    return allow(method, 'GET') ?? operation(({ account }) => ok(accountJson(account)));
  if (resource === 'IncomingPhoneNumbers') {
    if (sid === undefined) return allow(method, 'GET', 'POST') ?? operation(manyNumbers);
    return allow(method, 'GET', 'POST', 'DELETE') ?? operation((asked) => oneNumber(asked, sid));
  }
  if (resource !== 'Messages') return notFound(path);
  if (sid === undefined) {
    if (method === 'POST') return create;
    return allow(method, 'GET') ?? list;
  }
  const message = request.world.messages.get(request.account.sid, sid);
  return message ? ofMessage(request, message) : notFound(path);
}

function ofMessage({ method, parts, path }: ApiRequest, message: Message): Operation | Reply {
  const [, , resource, sid] = parts;
  const about = () => ({ to: message.to, from: message.from, body: message.body });
  if (resource === undefined) {
    const run = { GET: fetchMessage, POST: updateMessage, DELETE: deleteMessage }[method];
    if (!run) return notAllowed();
    const on = method === 'GET' ? 'fetch' : 'request';
    return { on, facts: about, run: (asked) => run(asked, message) };
  }
  if (resource === 'Media' && sid === undefined) {
    return allow(method, 'GET') ?? operation((asked) => listMedia(asked, message));
  }
  if (resource === 'Media' && sid !== undefined) {
    return allow(method, 'GET', 'DELETE') ?? operation((asked) => oneMedia(asked, message, sid));
  }
  if (resource === 'Feedback')
    return allow(method, 'POST') ?? operation((asked) => createFeedback(asked, message));
  return notFound(path);
}

function ofServices(request: ApiRequest): Operation | Reply {
  const { method, parts, path } = request;
  const [sid, resource, numberSid] = parts;
  if (sid === undefined || sid === '') return allow(method, 'GET', 'POST') ?? operation(manyServices);
  const service = request.world.services.get(sid);
  if (service?.accountSid !== request.account.sid) return notFound(path);
  if (resource === undefined) {
    return allow(method, 'GET', 'POST', 'DELETE') ?? operation((asked) => oneService(asked, service));
  }
  if (resource !== 'PhoneNumbers') return notFound(path);
  if (numberSid === undefined) {
    return allow(method, 'GET', 'POST') ?? operation((asked) => poolNumbers(asked, service));
  }
  return allow(method, 'GET', 'DELETE') ?? operation((asked) => onePoolNumber(asked, service, numberSid));
}

const create: Operation = {
  on: 'create',
  facts: ({ form }) => ({
    to: readNumber(form.get('To')),
    from: form.get('From') === null ? null : readNumber(form.get('From')),
    body: form.get('Body'),
  }),
  run: createMessage,
};

const list: Operation = {
  on: 'list',
  facts: ({ query }) => ({
    to: query.has('To') ? readNumber(query.get('To')) : null,
    from: query.has('From') ? readNumber(query.get('From')) : null,
  }),
  run: listMessages,
};

function operation(run: Operation['run']): Operation {
  return { on: 'request', facts: noFacts, run };
}

function listAccounts({ account, path }: ApiRequest): Reply {
  return ok({
    accounts: [accountJson(account)],
    page: 0,
    page_size: 50,
    start: 0,
    end: 0,
    uri: path,
    first_page_uri: path,
    next_page_uri: null,
    previous_page_uri: null,
  });
}

function allow(method: string, ...methods: string[]): Reply | null {
  return methods.includes(method) ? null : notAllowed();
}

function notAllowed(): Reply {
  return refuse(405, 20004, 'Method not allowed');
}
