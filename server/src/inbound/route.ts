import type { OwnNumber } from '../store/numbers.ts';

/** Which responder gets a text, and why. */
export type Route = {
  responder: 'assistant' | 'device' | 'inbox';
  assistantId: string | null;
  summary: string;
};

/** Picks the responder of a text to this number. A text that must not be answered goes to the inbox, where people see it. */
export const route = (number: OwnNumber, answer: boolean): Route => {
  if (!answer)
    return { responder: 'inbox', assistantId: null, summary: 'To the inbox: it is not to be answered.' };
  if (number.responder === 'assistant')
    return {
      responder: 'assistant',
      assistantId: number.assistantId,
      summary: `To the assistant ${number.assistantName}, who answers this number.`,
    };
  // Which devices it goes to is decided as it is recorded, which then says so instead.
  if (number.responder === 'device')
    return {
      responder: 'device',
      assistantId: null,
      summary: 'To the device of this number: it has none yet, so the text waits for the first one.',
    };
  return { responder: 'inbox', assistantId: null, summary: 'To the inbox, which answers this number.' };
};
