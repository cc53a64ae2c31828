import type { IncomingText } from '../providers/provider.ts';
import type { Check } from './webhook.ts';

/**
 * The single words that the provider itself answers (https://help.twilio.com, "Twilio support for opt-out keywords": the whole
 * message, case-insensitive). YES also undoes a STOP there, but mostly it is an answer to a question: it is not screened.
 */
const stop = ['stop', 'stopall', 'unsubscribe', 'cancel', 'end', 'quit', 'revoke', 'optout'];
const start = ['start', 'unstop'];
const help = ['help', 'info'];
const meaning = new Map(
  [
    stop.map((word) => [word, 'stop'] as const),
    start.map((word) => [word, 'start'] as const),
    help.map((word) => [word, 'help'] as const),
  ].flat(),
);

/**
 * May this text be answered? STOP, START and HELP are kept and shown, and never reach an assistant: the provider has answered them.
 */
export const screen = (text: IncomingText): { answer: boolean; check: Check } => {
  const keyword = text.optOut ?? meaning.get(text.body.trim().toLowerCase());
  return keyword
    ? {
        answer: false,
        check: {
          name: 'screened',
          summary: `The keyword ${keyword.toUpperCase()}: the provider answers it, nothing of ours does.`,
        },
      }
    : { answer: true, check: { name: 'screened', summary: 'Nothing speaks against answering.' } };
};
