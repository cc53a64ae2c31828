import type { Message } from '@trunkline/contract';
import { tickOf } from '../../words/tick.ts';
import { momentOf } from '../../words/time.ts';

export type WhyMessage = Pick<Message, 'status' | 'hold' | 'errorCode' | 'errorMessage'>;

const waiting = ({ reason, until }: NonNullable<Message['hold']>): string => {
  const sentence = /[.!?]$/.test(reason) ? reason : `${reason}.`;
  return until === null
    ? `${sentence} It waits for a person.`
    : `${sentence} It is tried again by itself at ${momentOf(until)}.`;
};

/**
 * Why a message is where it is: the hold and until when, or the failure with its raw code.
 * Null when there is nothing to explain.
 */
export const whyOf = (message: WhyMessage): { tone: 'warn' | 'bad'; sentence: string } | null => {
  const { label, meaning, tone } = tickOf(message.status);
  if (message.status === 'held') {
    const sentence = message.hold ? waiting(message.hold) : meaning;
    return { tone: 'warn', sentence: `Held: ${sentence}` };
  }
  if (message.status === 'unknown') return { tone: 'warn', sentence: message.errorMessage ?? meaning };
  if (tone !== 'bad') return null;
  const code = message.errorCode === null ? '' : ` (${message.errorCode})`;
  return { tone: 'bad', sentence: `${label}${code}: ${message.errorMessage ?? meaning}` };
};
