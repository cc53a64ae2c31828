import type { Event, Step } from '@trunkline/contract';

const text = (value: unknown) => (typeof value === 'string' ? value : '');
const after = (ms: unknown) =>
  typeof ms === 'number' ? `${Math.max(1, Math.round(ms / 1000))} s` : 'a while';
const because = (data: Record<string, unknown>) =>
  `${sentence(text(data.reason) || 'No reason was given')}${data.code ? ` (code ${data.code})` : ''}`;

/** The provider's words on delivery, for people. */
const receipts: Record<string, string> = {
  queued: "waiting in the provider's queue",
  sending: 'on its way to the carrier',
  sent: 'the carrier has it',
  delivered: 'delivered, it is on the phone',
  read: 'read',
  undelivered: 'not delivered',
  failed: 'the provider could not send it',
};

const authors: Record<string, string> = {
  assistant: 'the assistant',
  person: 'a person at the console',
  device: 'a device',
};

const sentence = (words: string) => (/[.!?…]$/.test(words) ? words : `${words}.`);
const device = (data: Record<string, unknown>) => `the device ${text(data.device)}`;

/** Positions count from 0. */
const medium = (data: Record<string, unknown>) => `Attachment ${Number(data.position) + 1}`;

type Describe = (data: Record<string, unknown>) => string;

/** A sentence for each type of event, for the record of a message. */
const sentences: Record<string, Describe> = {
  'message.accepted': (data) =>
    `Accepted from ${authors[text(data.author)] ?? 'the API'}: ${data.segments} ${data.segments === 1 ? 'segment' : 'segments'}.`,
  'message.held': (data) =>
    `Held: ${text(data.reason)}${data.until ? ` It goes on at ${data.until}.` : ' It waits for a person.'}`,
  'message.released': () => 'Released into the queue.',
  'message.sending': (data) => `Attempt ${data.attempt}: handed to the provider.`,
  'message.sent': (data) => `Attempt ${data.attempt}: the provider took it.`,
  'message.retrying': (data) =>
    `Attempt ${data.attempt} was certainly not taken. ${because(data)} Next try in ${after(data.afterMs)}.`,
  'message.unknown': (data) =>
    `Attempt ${data.attempt} is unclear: perhaps taken. ${because(data)} It is not sent again until that is known.`,
  'message.resolved': (data) =>
    data.taken
      ? `Found at the provider: it had been taken.${data.reason ? ` ${because(data)}` : ''}`
      : 'Not found at the provider: it was not taken, and goes out again.',
  'message.receipt': (data) =>
    `Receipt: ${receipts[text(data.status)] ?? text(data.status)}.${data.reason ? ` ${because(data)}` : ''}`,
  'message.failed': (data) => `Failed. ${because(data)}`,
  'message.expired': () => 'Expired: it was still waiting when its time was over, and was not sent.',
  'message.canceled': () => 'Canceled before it was sent.',
  'turn.started': (data) =>
    `The assistant began its turn${Number(data.attempt) > 1 ? ` (attempt ${data.attempt})` : ''}.`,
  'turn.completed': (data) =>
    data.replyMessageId ? 'The assistant answered.' : 'The assistant had nothing to answer.',
  'turn.retrying': (data) => `The turn failed and is tried again in ${after(data.afterMs)}. ${because(data)}`,
  'device.queued': (data) => `In the queue of ${device(data)}, the first one on this number.`,
  'device.offered': (data) => `Attempt ${data.attempt}: handed to ${device(data)}.`,
  'device.taken': (data) => `Taken by ${device(data)}.`,
  'device.failed': (data) =>
    `Attempt ${data.attempt} failed at ${device(data)}. ${because(data)} Offered again in ${after(data.afterMs)}.`,
  'device.dead_letter': (data) =>
    `Given up: ${device(data)} failed at it too often. ${because(data)} It can be replayed.`,
  'device.replayed': (data) => `Replayed by ${text(data.by)}: offered to ${device(data)} anew.`,
  'device.queue_full': (data) =>
    `The queue of ${device(data)} has come to its limit of ${data.limit}. Texts are kept all the same.`,
  'media.stored': (data) =>
    `${medium(data)} fetched from the provider and stored: ${text(data.contentType)}, ${data.bytes} bytes.`,
  'media.retrying': (data) =>
    `${medium(data)}, attempt ${data.attempt}: ${because(data)} Next try in ${after(data.afterMs)}.`,
  'media.failed': (data) => `${medium(data)} can't be had. ${because(data)}`,
  'media.deleted': (data) => `${medium(data)} deleted at the provider: it is kept here.`,
  'media.not_deleted': (data) => `${medium(data)} could not be deleted at the provider. ${because(data)}`,
  'turn.failed': (data) => `The turn failed for good. ${because(data)} The polite text went out instead.`,
};

/** A text's arrival is one event; on its record it is the steps it consisted of. */
const received = (event: Event): Step[] => {
  const { checks, route, ...rest } = event.data as {
    checks?: { name: string; summary: string }[];
    route?: { summary: string };
  } & Record<string, unknown>;
  return [
    { at: event.at, type: 'message.received', summary: 'Received from the provider.', detail: rest },
    ...(checks ?? []).map((check) => ({
      at: event.at,
      type: `message.${check.name}`,
      summary: check.summary,
      detail: { ...check },
    })),
    ...(route
      ? [{ at: event.at, type: 'message.routed', summary: route.summary, detail: { ...route } }]
      : []),
  ];
};

/** The steps of a message's record that an event stands for. */
export const describe = (event: Event): Step[] =>
  event.type === 'message.received'
    ? received(event)
    : [
        {
          at: event.at,
          type: event.type,
          summary: sentences[event.type]?.(event.data) ?? event.type,
          detail: event.data,
        },
      ];
