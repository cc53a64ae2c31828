import { type Reply, refuse } from './reply.ts';

const soonestMs = 300_000;
const latestMs = 35 * 86_400_000;

/** Returns when the message is to be sent, null for at once, or the refusal (35111 and its neighbours). */
export function checkSchedule(form: URLSearchParams, service: boolean, now: number): number | null | Reply {
  const type = form.get('ScheduleType');
  const sendAt = form.get('SendAt');
  if (!type && !sendAt) return null;
  if (type !== 'fixed') {
    return refuse(400, 35126, 'The ScheduleType value provided is not supported for this channel');
  }
  if (!service) return refuse(400, 35118, 'MessagingServiceSid is required to schedule a message');
  if (!sendAt) return refuse(400, 35111, 'SendAt timestamp is missing');
  const at = /^\d{4}-\d{2}-\d{2}T/.test(sendAt) ? Date.parse(sendAt) : Number.NaN;
  if (Number.isNaN(at)) return refuse(400, 35114, 'Scheduling does not support this timestamp');
  // Dates on the wire have whole seconds, so that "in five minutes" may arrive as a little less.
  if (at < now + soonestMs - 1000 || at > now + latestMs) {
    return refuse(400, 35117, 'Scheduling does not support this timestamp');
  }
  return at;
}
