import type { Step } from '@trunkline/contract';

export type StepTone = 'line' | 'good' | 'warn' | 'bad';

const ofStatus: Partial<Record<string, StepTone>> = {
  delivered: 'good',
  read: 'good',
  undelivered: 'bad',
  failed: 'bad',
};

/** How a step’s station is coloured: arrival and trouble stand out, the rest is the line itself. */
export const toneOfStep = ({ type, detail }: Pick<Step, 'type' | 'detail'>): StepTone => {
  if (type === 'message.receipt') return ofStatus[String(detail.status ?? detail.MessageStatus)] ?? 'line';
  if (type === 'device.taken') return 'good';
  // A device that failed gets the text again; it is over only with the dead letter.
  if (type === 'device.failed') return 'warn';
  if (/\.(failed|expired|dead_letter)$/.test(type)) return 'bad';
  if (/\.(held|unknown|retrying|canceled|not_deleted)$/.test(type)) return 'warn';
  return 'line';
};
