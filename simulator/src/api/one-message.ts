import { rfc2822 } from '../dates.ts';
import { isComplete, type Message } from '../message.ts';
import { cancel } from '../network.ts';
import { messageJson } from './message-json.ts';
import { noContent, ok, type Reply, refuse } from './reply.ts';
import type { ApiRequest } from './request.ts';

/** GET Messages/{sid}. */
export function fetchMessage(_request: ApiRequest, message: Message): Reply {
  return ok(messageJson(message));
}

/** POST Messages/{sid}: an empty Body redacts the text, Status=canceled cancels a scheduled message. */
export function updateMessage({ world, form }: ApiRequest, message: Message): Reply {
  const body = form.get('Body');
  const status = form.get('Status');
  const redacts = body === '' && status === null;
  const cancels = status === 'canceled' && body === null;
  if (!redacts && !cancels) return refuse(400, 30400, 'Parameters are not valid');
  if (redacts) {
    message.body = '';
    message.updatedAt = world.time.now();
    return ok(messageJson(message));
  }
  if (message.status !== 'scheduled') return refuse(409, 30409, 'This message cannot be canceled');
  cancel(world, message);
  return ok(messageJson(message));
}

/** DELETE Messages/{sid}: only what is complete. */
export function deleteMessage({ world }: ApiRequest, message: Message): Reply {
  if (!isComplete(message)) return refuse(409, 20009, 'Cannot delete this resource before it is complete');
  world.messages.remove(message);
  return noContent;
}

/** POST Messages/{sid}/Feedback. */
export function createFeedback({ world, form }: ApiRequest, message: Message): Reply {
  const outcome = form.get('Outcome') ?? 'confirmed';
  if (outcome !== 'confirmed' && outcome !== 'unconfirmed') return refuse(400, 20001, 'Outcome is not valid');
  const now = rfc2822(world.time.now());
  return ok(
    {
      account_sid: message.accountSid,
      message_sid: message.sid,
      outcome,
      date_created: now,
      date_updated: now,
      uri: `/2010-04-01/Accounts/${message.accountSid}/Messages/${message.sid}/Feedback.json`,
    },
    201,
  );
}
