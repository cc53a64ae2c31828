import type { Receipt } from '../provider.ts';
import { parameter } from './parameters.ts';
import { readStatus } from './statuses.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * A receipt from the parameters of Twilio's status callback and the query of the address it came to, where our message id is.
 * Statuses we don't know are kept, not refused. Never throws.
 */
export function parseReceipt(
  params: URLSearchParams,
  query: URLSearchParams,
): { ok: true; receipt: Receipt } | { ok: false; problem: string } {
  const providerSid = parameter(params, 'MessageSid') || parameter(params, 'SmsSid');
  if (!providerSid) return { ok: false, problem: 'The callback has no MessageSid.' };
  const rawStatus = parameter(params, 'MessageStatus') || parameter(params, 'SmsStatus');
  if (!rawStatus) return { ok: false, problem: 'The callback has no MessageStatus.' };
  // Ours is the last: the configured address may have an id of its own.
  const id = query.getAll('id').findLast((value) => uuid.test(value));
  const errorCode = parameter(params, 'ErrorCode');
  return {
    ok: true,
    receipt: {
      providerSid,
      messageId: id?.toLowerCase() ?? null,
      status: readStatus(rawStatus),
      rawStatus,
      errorCode: errorCode === '' || errorCode === '0' ? null : errorCode,
      errorMessage: parameter(params, 'ErrorMessage') || parameter(params, 'ChannelStatusMessage') || null,
    },
  };
}
