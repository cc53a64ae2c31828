import { isBlocked, isFull } from '../choose-sender.ts';
import type { Service } from '../messaging-services.ts';
import { countSegments } from '../segments.ts';
import { isAlphanumericSender, isPhoneNumber, isWebAddress, readNumber } from '../validity.ts';
import { checkSchedule } from './check-schedule.ts';
import { magicFrom, magicSender, magicTo } from './magic.ts';
import { type Reply, refuse } from './reply.ts';
import type { ApiRequest } from './request.ts';

/** A create request that passed every check. */
export interface CheckedMessage {
  to: string;
  from: string | null;
  service: Service | null;
  body: string;
  mediaUrls: string[];
  statusCallback: string | null;
  validitySeconds: number;
  sendAt: number | null;
}

const longestBody = 1600;
const mostMedia = 10;

/** Reads and checks the form of a create request; returns what is to be sent, or Twilio's refusal. */
export function checkMessage(request: ApiRequest): CheckedMessage | Reply {
  const { form, world } = request;
  const to = readNumber(form.get('To'));
  const named = readNumber(form.get('From'));
  const serviceSid = form.get('MessagingServiceSid') || (/^MG[0-9a-f]{32}$/i.test(named) ? named : null);
  const from = named === '' || named === serviceSid ? null : named;
  const body = form.get('Body') ?? '';
  const mediaUrls = form.getAll('MediaUrl').filter((url) => url !== '');

  if (to === '') return refuse(400, 21604, "A 'To' phone number is required.");
  if (from === null && serviceSid === null) return refuse(400, 21603, "A 'From' phone number is required.");
  const sender = checkSender(request, to, from, serviceSid);
  if ('status' in sender) return sender;
  const recipient = checkRecipient(request, to, from, mediaUrls.length > 0);
  if (recipient) return recipient;
  const content = checkContent(body, mediaUrls);
  if (content) return content;

  const statusCallback = form.get('StatusCallback') || null;
  if (statusCallback !== null && !isWebAddress(statusCallback)) {
    return refuse(400, 21609, `The 'StatusCallback' URL ${statusCallback} is not a valid URL.`);
  }
  const validity = form.get('ValidityPeriod');
  const validitySeconds = validity === null ? (sender.service?.validityPeriod ?? 36_000) : Number(validity);
  if (!Number.isInteger(validitySeconds) || validitySeconds < 1 || validitySeconds > 36_000) {
    return refuse(400, 21624, `The ValidityPeriod ${validity} is not between 1 and 36000 seconds.`);
  }
  const sendAt = checkSchedule(form, sender.service !== null, world.time.now());
  if (sendAt !== null && typeof sendAt === 'object') return sendAt;

  if (from !== null && sender.service === null) {
    const holder = world.services.holding(world.numbers.byNumber(from)?.sid ?? '');
    if (isBlocked(world, to, [from], holder?.sid ?? null)) {
      return refuse(400, 21610, 'Attempt to send to unsubscribed recipient');
    }
    const segments = mediaUrls.length > 0 ? 1 : countSegments(body).segments;
    if (isFull(world, from, segments, world.time.now())) return refuse(429, 21611, 'SMS queue is full.');
  }
  const { service } = sender;
  return { to, from, service, body, mediaUrls, statusCallback, validitySeconds, sendAt };
}

function checkSender(
  { world, account }: ApiRequest,
  to: string,
  from: string | null,
  serviceSid: string | null,
): { service: Service | null } | Reply {
  // Twilio blames the From for a colon in the To, unless it is a channel it knows.
  if (/^(whatsapp|messenger|rcs):/i.test(to) || /^(whatsapp|messenger|rcs):/i.test(from ?? '')) {
    return refuse(400, 63007, 'Twilio could not find a Channel with the specified From address');
  }
  if (from !== null && to.includes(':')) return invalidFrom(from);
  const magic = from === null ? null : magicFrom(from);
  if (magic) return magic;
  if (from !== null && !isPhoneNumber(from) && !isAlphanumericSender(from) && !/^\d{5,6}$/.test(from)) {
    return invalidFrom(from);
  }
  if (from !== null && isPhoneNumber(to) && from === to) {
    return refuse(400, 21266, "'To' and 'From' number cannot be the same");
  }
  const owned = from === null ? undefined : world.numbers.byNumber(from);
  const usable =
    from === magicSender || isAlphanumericSender(from ?? '') || owned?.accountSid === account.sid;
  if (from !== null && !usable) return notOwned(from);
  if (serviceSid === null) return { service: null };

  if (!/^MG[0-9a-f]{32}$/i.test(serviceSid))
    return refuse(400, 21705, 'The Messaging Service Sid is invalid.');
  const service = world.services.get(serviceSid);
  if (service?.accountSid !== account.sid) {
    return refuse(400, 21701, `The Messaging Service ${serviceSid} does not exist.`);
  }
  if (service.pool.size === 0) return refuse(400, 21704, 'The Messaging Service contains no phone numbers.');
  if (from !== null && !service.pool.has(owned?.sid ?? '')) return notOwned(from);
  return { service };
}

function checkRecipient(
  { account }: ApiRequest,
  to: string,
  from: string | null,
  mms: boolean,
): Reply | null {
  const magic = magicTo(to, from, mms);
  if (magic) return magic;
  if (!isPhoneNumber(to)) return refuse(400, 21211, `The 'To' number ${to} is not a valid phone number.`);
  if (isAlphanumericSender(from ?? '') && to.startsWith('+1')) {
    return magicTo('+15005550002', from, mms, to);
  }
  if (account.trial && !account.verified.has(to)) {
    return refuse(
      400,
      21608,
      `The number ${to} is unverified. Trial accounts cannot send messages to unverified numbers; verify ${to} at twilio.com/user/account/phone-numbers/verified, or purchase a Twilio number to send messages to unverified numbers`,
    );
  }
  return null;
}

function checkContent(body: string, mediaUrls: string[]): Reply | null {
  if (body === '' && mediaUrls.length === 0) return refuse(400, 21602, 'Message body is required.');
  if (body.length > longestBody) {
    return refuse(400, 21617, 'The concatenated message body exceeds the 1600 character limit');
  }
  if (mediaUrls.length > mostMedia) return refuse(400, 21623, 'Number of media files exceeds allowed limit');
  if (!mediaUrls.every(isWebAddress)) return refuse(400, 21620, 'Invalid media URL(s)');
  return null;
}

function invalidFrom(from: string): Reply {
  return refuse(
    400,
    21212,
    `The 'From' number ${from} is not a valid phone number, shortcode, or alphanumeric sender ID.`,
  );
}

function notOwned(from: string): Reply {
  return refuse(
    400,
    21606,
    `The From phone number ${from} is not a valid, SMS-capable inbound phone number or short code for your account.`,
  );
}
