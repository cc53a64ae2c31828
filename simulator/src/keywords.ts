export type Keyword = 'STOP' | 'START' | 'HELP';

const stop = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT']);
const start = new Set(['START', 'YES', 'UNSTOP']);
const help = new Set(['HELP', 'INFO']);
const tollFree = /^\+1(800|833|844|855|866|877|888)\d{7}$/;

const replies: Record<Keyword, string> = {
  STOP: 'You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.',
  START:
    'You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply.',
  HELP: 'Reply STOP to unsubscribe. Msg&Data Rates May Apply.',
};
const tollFreeReplies: Record<'STOP' | 'START', string> = {
  STOP: 'NETWORK MSG: You replied with the word "stop" which blocks all texts sent from this number. Text back "unstop" to receive messages again.',
  START: 'NETWORK MSG: You have replied "unstop" and will begin receiving messages again from this number.',
};

/**
 * Returns Twilio's reading of a text sent to `number`, or null: the whole text is the one word, in any case. Toll-free
 * numbers know STOP, START and UNSTOP only, at the carrier.
 */
export function readKeyword(body: string, number: string): Keyword | null {
  const word = body.trim().toUpperCase();
  if (tollFree.test(number)) return word === 'STOP' ? 'STOP' : /^(START|UNSTOP)$/.test(word) ? 'START' : null;
  if (stop.has(word)) return 'STOP';
  if (start.has(word)) return 'START';
  return help.has(word) ? 'HELP' : null;
}

/** Tells whether opting out is enforced by the carrier, which no setting of the account turns off. */
export function isTollFree(number: string): boolean {
  return tollFree.test(number);
}

export interface Blocks {
  /** Whether `person` is blocked in any of these scopes (a number, or the SID of a Messaging Service). */
  has(person: string, ...scopes: (string | null | undefined)[]): boolean;
  /**
   * Applies a keyword: adds or removes the block, and returns the text Twilio answers with, or null when it stays silent
   * (already blocked, nothing to undo, HELP while blocked).
   */
  apply(keyword: Keyword, person: string, number: string, scope: string): string | null;
  all(): { person: string; scope: string }[];
  clear(): void;
}

/** Who may not be texted from where: per number, or per Messaging Service for the numbers of one. */
export function createBlocks(): Blocks {
  const blocked = new Set<string>();
  const key = (person: string, scope: string) => `${scope} ${person}`;
  return {
    has: (person, ...scopes) => scopes.some((scope) => scope != null && blocked.has(key(person, scope))),
    apply(keyword, person, number, scope) {
      const pair = key(person, scope);
      const answers = isTollFree(number) ? { ...replies, ...tollFreeReplies } : replies;
      if (keyword === 'STOP') {
        if (blocked.has(pair)) return null;
        blocked.add(pair);
        return answers.STOP;
      }
      if (keyword === 'START') return blocked.delete(pair) ? answers.START : null;
      return blocked.has(pair) ? null : answers.HELP;
    },
    all: () =>
      [...blocked].map((pair) => {
        const [scope = '', person = ''] = pair.split(' ');
        return { person, scope };
      }),
    clear: () => blocked.clear(),
  };
}
