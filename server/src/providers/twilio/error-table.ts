import type { FailureClass } from '../provider.ts';

export type ErrorRow = {
  /** Codes and ranges, as `21211` and `30101-30136`, separated by spaces. A code by itself wins over a range it is in. */
  codes: string;
  class: FailureClass;
  /** In our own words, for a person. */
  sentence: string;
  /** How many more attempts make sense; 0 unless told. */
  retries?: number;
  /** The least to wait before the next, milliseconds. */
  afterMs?: number;
  /** The code leaves open whether the message was taken. */
  ambiguous?: true;
};

const minute = 60_000;
const hour = 60 * minute;

/**
 * What Twilio's error codes mean to us (https://www.twilio.com/docs/api/errors). A class is our judgement, not Twilio's. Where a
 * code may be about one recipient or about the sender, it counts for the recipient, so that one text can't stop a sender.
 */
export const errorTable: readonly ErrorRow[] = [
  { codes: '20003', class: 'authentication', sentence: 'Twilio refused the account SID and auth token.' },
  { codes: '20005 10001', class: 'authentication', sentence: 'The Twilio account is not active.' },
  {
    codes: '20403',
    class: 'authentication',
    sentence: 'The Twilio account is suspended or may not do this.',
  },
  {
    codes: '30002',
    class: 'authentication',
    sentence: 'The Twilio account was suspended while the message waited.',
  },
  {
    codes: '30037',
    class: 'authentication',
    sentence: 'Outgoing messages are disabled for the Twilio account.',
  },

  { codes: '20008', class: 'configuration', sentence: 'Twilio test credentials cannot do this.' },
  {
    codes: '20404',
    class: 'request',
    sentence: 'Twilio has nothing at this address; the account SID may be wrong.',
  },
  {
    codes: '20409',
    class: 'transient',
    retries: 3,
    sentence: 'Something else was changing the same thing at Twilio.',
  },
  { codes: '20001 20422', class: 'request', sentence: 'Twilio found a parameter that is unknown or wrong.' },
  {
    codes: '20429',
    class: 'rate_limit',
    retries: 10,
    sentence: 'Too many requests to Twilio at once; this one was not processed.',
  },
  {
    codes: '20500 20503',
    class: 'transient',
    ambiguous: true,
    sentence: 'Twilio had trouble inside; it may have taken the message.',
  },
  {
    codes: '20009',
    class: 'transient',
    retries: 3,
    sentence: 'The message is not finished, so it cannot be deleted yet.',
  },

  { codes: '21211', class: 'recipient', sentence: 'The recipient is not a phone number that can get texts.' },
  {
    codes: '21212',
    class: 'configuration',
    sentence: 'The sender is not a number, short code or sender name that may be used.',
  },
  { codes: '21214 21217', class: 'recipient', sentence: "The recipient's number cannot be reached." },
  {
    codes: '21219 21608',
    class: 'configuration',
    sentence: 'A trial account may only text numbers verified in the Twilio console.',
  },
  { codes: '21266', class: 'request', sentence: 'Sender and recipient are the same number.' },
  { codes: '21267', class: 'configuration', sentence: 'A trial account may not use a sender name.' },
  {
    codes: '21268',
    class: 'recipient',
    sentence: 'The recipient is a premium or information number, which cannot be texted.',
  },
  {
    codes: '21408',
    class: 'configuration',
    sentence: "The recipient's country is not enabled in the account's geographic permissions.",
  },
  {
    codes: '21601 21606 21659-21661',
    class: 'configuration',
    sentence: 'The sender does not belong to this account, or cannot send this kind of message.',
  },
  { codes: '21602 21619', class: 'request', sentence: 'The message has neither text nor media.' },
  { codes: '21603', class: 'request', sentence: 'The message has no sender.' },
  { codes: '21604', class: 'request', sentence: 'The message has no recipient.' },
  { codes: '21605', class: 'request', sentence: 'The text is longer than the old sending address allows.' },
  {
    codes: '21607 21616',
    class: 'configuration',
    sentence: 'The sender cannot be used as it is: it is the trial sandbox number, or fits several.',
  },
  { codes: '21609', class: 'request', sentence: 'Twilio does not accept the address for delivery receipts.' },
  { codes: '21610', class: 'opted_out', sentence: 'The recipient has opted out of texts from this sender.' },
  {
    codes: '21611',
    class: 'rate_limit',
    retries: 10,
    afterMs: minute,
    sentence: "The sender's queue at Twilio is full; the message was not taken.",
  },
  { codes: '21612', class: 'recipient', sentence: 'There is no route from this sender to this recipient.' },
  {
    codes: '21613 21615 21631 21649',
    class: 'configuration',
    sentence: 'The number needs documents or an address on file before it can be used.',
  },
  { codes: '21614 21635', class: 'recipient', sentence: 'The recipient is not a mobile number.' },
  { codes: '21617', class: 'content', sentence: 'The text is longer than 1,600 characters.' },
  { codes: '21618', class: 'content', sentence: 'Twilio cannot send a text with this content.' },
  { codes: '21620', class: 'content', sentence: 'The address of an attached file cannot be used.' },
  { codes: '21623', class: 'content', sentence: 'The message has too many files attached.' },
  {
    codes: '21621 21622',
    class: 'configuration',
    sentence: 'The sender or the account is not enabled for MMS.',
  },
  { codes: '21624', class: 'request', sentence: 'The validity period is out of range.' },
  { codes: '21653', class: 'request', sentence: 'The message has too many recipients.' },
  { codes: '21654-21656', class: 'request', sentence: 'The content template or its variables are wrong.' },
  { codes: '21664 21666 21667', class: 'request', sentence: 'A fallback sender is used where it cannot be.' },
  {
    codes: '21701-21705',
    class: 'configuration',
    sentence: 'The messaging service is missing, empty, or has no sender for this recipient.',
  },
  {
    codes: '23004',
    class: 'configuration',
    sentence: 'Redaction of phone numbers cannot be combined with advanced opt-out.',
  },

  { codes: '11200', class: 'content', sentence: 'Twilio could not fetch a file that the message refers to.' },
  { codes: '11751', class: 'content', sentence: 'The attached files are larger than the channel allows.' },
  {
    codes: '12300',
    class: 'content',
    sentence: 'An attached file has a content type that Twilio cannot process.',
  },

  {
    codes: '30001',
    class: 'rate_limit',
    retries: 10,
    afterMs: minute,
    sentence: "The messaging service's queue is full.",
  },
  {
    codes: '30003',
    class: 'transient',
    retries: 3,
    afterMs: 15 * minute,
    sentence: "The recipient's phone is off or out of reach.",
  },
  { codes: '30004', class: 'recipient', sentence: 'The recipient or the carrier blocks this message.' },
  { codes: '30005', class: 'recipient', sentence: "The recipient's number is not in service." },
  {
    codes: '30006',
    class: 'recipient',
    sentence: 'The recipient is a landline, or its carrier cannot be reached.',
  },
  {
    codes: '30007',
    class: 'content',
    sentence: 'The message was filtered as unwanted by Twilio or the carrier.',
  },
  {
    codes: '30008',
    class: 'transient',
    retries: 1,
    afterMs: 5 * minute,
    sentence: 'The carrier did not deliver the message and did not say why.',
  },
  { codes: '30009', class: 'content', sentence: 'A part of an incoming message never arrived.' },
  { codes: '30010', class: 'request', sentence: 'The message would have cost more than its limit.' },
  {
    codes: '30011',
    class: 'content',
    sentence: "The recipient's network cannot get MMS; a text without media may arrive.",
  },
  {
    codes: '30012-30016 30028-30031',
    class: 'request',
    sentence: 'The request combined options that do not go together.',
  },
  {
    codes: '30017',
    class: 'transient',
    retries: 5,
    afterMs: minute,
    sentence: "The carrier's network was congested.",
  },
  {
    codes: '30018 30040-30043',
    class: 'configuration',
    sentence: "The sender must be registered for the recipient's country, or is too general a name.",
  },
  { codes: '30019', class: 'content', sentence: 'The message is too large for the carrier.' },
  {
    codes: '30020 30021 30500',
    class: 'transient',
    retries: 2,
    afterMs: minute,
    sentence: 'Twilio had trouble inside and did not send the message.',
  },
  {
    codes: '30022',
    class: 'rate_limit',
    retries: 10,
    afterMs: minute,
    sentence: 'The carrier gets more from this campaign than it allows.',
  },
  {
    codes: '30023',
    class: 'rate_limit',
    retries: 3,
    afterMs: 6 * hour,
    sentence: "The brand's daily limit at the carrier is used up; it starts again at midnight, Pacific time.",
  },
  {
    codes: '30024',
    class: 'configuration',
    retries: 1,
    afterMs: 2 * hour,
    sentence: 'The sender is not set up at the carrier yet.',
  },
  {
    codes: '30025 30026',
    class: 'rate_limit',
    sentence: "Much of the brand's daily limit at the carrier is used up.",
  },
  {
    codes: '30027',
    class: 'rate_limit',
    retries: 3,
    afterMs: 6 * hour,
    sentence: "All of the brand's daily limit at the carrier is used up.",
  },
  { codes: '30032', class: 'configuration', sentence: 'The toll-free number is not verified.' },
  { codes: '30033', class: 'configuration', sentence: 'The campaign of this sender is suspended.' },
  {
    codes: '30034',
    class: 'configuration',
    sentence: 'The sender is not registered to a campaign (A2P 10DLC).',
  },
  {
    codes: '30035',
    class: 'configuration',
    retries: 2,
    afterMs: 2 * hour,
    sentence: 'The sender is still being set up.',
  },
  { codes: '30036', class: 'transient', sentence: 'The message was too old by the time it could be sent.' },
  {
    codes: '30038',
    class: 'content',
    sentence: 'An incoming message looked like a one-time code and was blanked.',
  },
  {
    codes: '30039',
    class: 'content',
    sentence: 'An incoming message looked like one machine answering another and was dropped.',
  },
  {
    codes: '30101-30136',
    class: 'configuration',
    sentence: 'The link-shortening domain is not set up right.',
  },
  {
    codes: '30400',
    class: 'request',
    sentence: 'A sent message can only be blanked or canceled, one at a time.',
  },
  { codes: '30404', class: 'request', sentence: 'Twilio has nothing at this address.' },
  { codes: '30409', class: 'request', sentence: 'The message can no longer be canceled.' },
  {
    codes: '30410',
    class: 'transient',
    ambiguous: true,
    sentence:
      'The carrier did not answer in time; the phone may have the message, so Twilio does not repeat it.',
  },
  {
    codes: '30436-30449 30451-30480',
    class: 'configuration',
    sentence: "The toll-free number's verification was rejected.",
  },
  {
    codes: '30450',
    class: 'rate_limit',
    retries: 1,
    afterMs: 30 * minute,
    sentence: 'Twilio suspects SMS pumping and blocks this range of numbers for a while.',
  },
  {
    codes: '30453 30485',
    class: 'rate_limit',
    retries: 1,
    afterMs: 12 * hour,
    sentence: 'Twilio suspects fraud and blocks this recipient for some hours.',
  },
  {
    codes: '30454 63038',
    class: 'rate_limit',
    retries: 2,
    afterMs: 6 * hour,
    sentence: "The account's daily number of messages is used up.",
  },
  {
    codes: '30610',
    class: 'rate_limit',
    retries: 2,
    afterMs: 6 * hour,
    sentence: 'It is night where the recipient is, and the compliance toolkit blocks texts then.',
  },
  {
    codes: '30640',
    class: 'recipient',
    sentence: 'The compliance toolkit blocks this recipient as a known litigator.',
  },
  {
    codes: '35111-35127',
    class: 'request',
    sentence: 'The message was scheduled in a way Twilio does not accept.',
  },

  {
    codes: '63001 63002 63007 63008',
    class: 'configuration',
    sentence: 'The channel or its sender is not set up right.',
  },
  { codes: '63003 63024', class: 'recipient', sentence: 'The recipient is not on this channel.' },
  {
    codes: '63005 63006 63013 63021 63026',
    class: 'content',
    sentence: 'The channel refused the content of the message.',
  },
  {
    codes: '63009-63012 63023',
    class: 'transient',
    retries: 3,
    afterMs: minute,
    sentence: 'The channel had trouble inside.',
  },
  {
    codes: '63014 63033',
    class: 'opted_out',
    sentence: 'The recipient has blocked this sender or opted out of its marketing.',
  },
  { codes: '63015', class: 'configuration', sentence: 'The recipient has not joined the WhatsApp sandbox.' },
  {
    codes: '63016',
    class: 'content',
    sentence:
      'More than 24 hours after the last text from the recipient, WhatsApp only takes an approved template.',
  },
  {
    codes: '63017 63018',
    class: 'rate_limit',
    retries: 10,
    afterMs: 10_000,
    sentence: 'Messages come faster than the channel or the account allows.',
  },
  {
    codes: '63019 63025 63034 63037',
    class: 'content',
    sentence: 'The channel could not use an attached file.',
  },
  {
    codes: '63027 63028 63040-63042',
    class: 'configuration',
    sentence: 'The message template is missing, incomplete, rejected or paused.',
  },
  {
    codes: '63032 63049',
    class: 'transient',
    retries: 1,
    afterMs: 24 * hour,
    sentence: 'WhatsApp chose not to deliver this marketing message now.',
  },
  {
    codes: '63035 63036',
    class: 'recipient',
    sentence: 'The recipient cannot be reached by RCS; a text may arrive.',
  },
  {
    codes: '63020 63022 63051',
    class: 'configuration',
    sentence: 'The WhatsApp business account is locked or not complete.',
  },
  {
    codes: '80901',
    class: 'content',
    sentence: 'An incoming message matched a stop word of a proxy service.',
  },
];
