import { type Reply, refuse } from './reply.ts';

/** The magic sender that every account may use. */
export const magicSender = '+15005550006';

/** Returns what Twilio's magic From numbers are refused with, or null. */
export function magicFrom(from: string): Reply | null {
  switch (from) {
    case '+15005550001':
      return refuse(
        400,
        21212,
        `The 'From' number ${from} is not a valid phone number, shortcode, or alphanumeric sender ID.`,
      );
    case '+15005550007':
      return refuse(
        400,
        21606,
        `The From phone number ${from} is not a valid, SMS-capable inbound phone number or short code for your account.`,
      );
    case '+15005550008':
      return refuse(429, 21611, 'SMS queue is full.');
    default:
      return null;
  }
}

/** Returns what Twilio's magic To numbers are refused with, or null. `shown` stands in for it in the sentence. */
export function magicTo(to: string, from: string | null, mms: boolean, shown = to): Reply | null {
  switch (to) {
    case '+15005550001':
      return refuse(400, 21211, `The 'To' number ${shown} is not a valid phone number.`);
    case '+15005550002':
      return refuse(
        400,
        21612,
        `The 'To' phone number: ${shown}, is not currently reachable using the 'From' phone number: ${from ?? ''} via ${mms ? 'MMS' : 'SMS'}.`,
      );
    case '+15005550003':
      return refuse(
        400,
        21408,
        `Permission to send an SMS has not been enabled for the region indicated by the 'To' number: ${shown}`,
      );
    case '+15005550004':
      return refuse(400, 21610, 'Attempt to send to unsubscribed recipient');
    case '+15005550009':
      return refuse(400, 21614, `To number: ${shown}, is not a mobile number`);
    default:
      return null;
  }
}
