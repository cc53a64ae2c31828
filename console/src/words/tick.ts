import type { MessageStatus } from '@trunkline/contract';

export type TickShape = 'clock' | 'one' | 'two' | 'cross' | 'question' | 'slash' | 'none';
export type TickTone = 'quiet' | 'seen' | 'bad' | 'warn';
export type Tick = { shape: TickShape; tone: TickTone; label: string; meaning: string };

const ticks: Record<MessageStatus, Tick> = {
  received: { shape: 'none', tone: 'quiet', label: 'Received', meaning: 'It came in and is recorded.' },
  held: { shape: 'clock', tone: 'warn', label: 'Held', meaning: 'It waits; the reason is on its record.' },
  queued: { shape: 'clock', tone: 'quiet', label: 'Queued', meaning: 'It waits for its turn to be sent.' },
  sending: {
    shape: 'clock',
    tone: 'quiet',
    label: 'Sending',
    meaning: 'The provider is being asked to send it.',
  },
  unknown: {
    shape: 'question',
    tone: 'warn',
    label: 'Unknown',
    meaning: 'The provider may or may not have taken it. It is not sent again until that is known.',
  },
  sent: { shape: 'one', tone: 'quiet', label: 'Sent', meaning: 'The provider has handed it to the network.' },
  delivered: { shape: 'two', tone: 'quiet', label: 'Delivered', meaning: 'It is on the phone.' },
  read: { shape: 'two', tone: 'seen', label: 'Read', meaning: 'It was opened on the phone.' },
  undelivered: {
    shape: 'cross',
    tone: 'bad',
    label: 'Undelivered',
    meaning: 'The network could not bring it to the phone.',
  },
  failed: { shape: 'cross', tone: 'bad', label: 'Failed', meaning: 'It was not sent.' },
  expired: {
    shape: 'cross',
    tone: 'bad',
    label: 'Expired',
    meaning: 'Its time ran out before it could be sent.',
  },
  canceled: { shape: 'slash', tone: 'quiet', label: 'Canceled', meaning: 'It was canceled before it left.' },
};

/** Every status a message can have, in the order of travel. */
export const statuses = Object.keys(ticks) as MessageStatus[];

/** How a status is shown: the drawn tick, its tone, the word for it and a sentence. */
export const tickOf = (status: MessageStatus): Tick => ticks[status];

/** Whether the message still waits here and can be called back. */
export const isCancelable = (status: MessageStatus): boolean => status === 'held' || status === 'queued';
