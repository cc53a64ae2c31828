import { guessContentType } from '../content-type.ts';
import { carry, rush } from '../network.ts';
import { newMessage, record } from '../new-message.ts';
import { checkMessage } from './check-message.ts';
import { messageJson } from './message-json.ts';
import { ok, type Reply } from './reply.ts';
import type { ApiRequest } from './request.ts';

const trialPrefix = 'Sent from your Twilio trial account - ';

/** POST Messages: takes a message, puts it on the ledger and sets it going. */
export function createMessage(request: ApiRequest): Reply | Promise<Reply> {
  const { world, account } = request;
  const checked = checkMessage(request);
  if ('status' in checked) return checked;
  const { to, from, service, body, sendAt } = checked;
  const facts = { to, from, body };
  const outcome = world.faults.take(['create', 'status'], ['outcome'], facts);
  const message = newMessage(world, {
    accountSid: account.sid,
    direction: 'outbound-api',
    from,
    to,
    body: account.trial ? trialPrefix + body : body,
    media: checked.mediaUrls.map((url) => ({ url, bytes: null, contentType: guessContentType(url) })),
    serviceSid: service?.sid ?? null,
    status: sendAt !== null ? 'scheduled' : service ? 'accepted' : 'queued',
    statusCallback: checked.statusCallback,
    validitySeconds: checked.validitySeconds,
    sendAt,
    outcome: outcome ? { status: outcome.status, code: outcome.code ?? null } : undefined,
  });
  record(world, message);
  const reply = ok(messageJson(message), 201);
  if (sendAt === null && world.faults.take(['create', 'status'], ['early'], facts)) {
    return rush(world, message).then(() => reply);
  }
  carry(world, message);
  return reply;
}
