import type { DeviceQueueEntry } from '@trunkline/contract/device';

export type TextState = {
  tone: 'quiet' | 'line' | 'warn' | 'bad' | 'good';
  words: string;
  why: string | null;
};

const times = (attempts: number): string => (attempts === 1 ? 'once' : `${attempts} times`);

/** How a text in a device’s queue stands: a word, its tone, and why it has come no further. */
export const stateOf = ({
  status,
  attempts,
  reason,
}: Pick<DeviceQueueEntry, 'status' | 'attempts' | 'reason'>): TextState => {
  switch (status) {
    case 'waiting':
      return attempts === 0
        ? { tone: 'quiet', words: 'Waiting', why: null }
        : {
            tone: 'warn',
            words: 'Waiting to be tried again',
            why: `Offered ${times(attempts)}. ${reason ?? ''}`.trim(),
          };
    case 'leased':
      return {
        tone: 'line',
        words: 'With the device',
        why: attempts > 1 ? `Attempt ${attempts}. ${reason ?? ''}`.trim() : null,
      };
    case 'dead':
      return {
        tone: 'bad',
        words: 'Dead letter',
        why: `Offered ${times(attempts)}. ${reason ?? 'The device gave no reason.'}`,
      };
    case 'taken':
      return { tone: 'good', words: 'Taken', why: attempts > 1 ? `At attempt ${attempts}.` : null };
  }
};
