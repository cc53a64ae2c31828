import { calculate } from './calculate.ts';

const longest = 300;

const introduction =
  "Hi! I'm Trunkline's demo assistant, a few plain rules and no AI: set OPENAI_API_KEY or ANTHROPIC_API_KEY to let a real model answer.";
const hints = 'Try "help" or "what is 12*7".';

type Rule = { asks: RegExp; says: string };

const rules: Rule[] = [
  {
    asks: /\b(are you|r u|am i talking to)\b.*\b(human|person|real|robot|bot|ai)\b|\bwho are you\b/i,
    says: "I'm a program: Trunkline's demo assistant, a few plain rules, not a person and not an AI.",
  },
  {
    asks: /\btrunkline\b|\bwhat (do|can) (you|it|this)\b.*\bdo\b|\bwhat is this\b/i,
    says: 'Trunkline connects phone numbers to what answers them: an AI assistant, a device or a person at the console.',
  },
  {
    asks: /^\W*(help|menu|commands|hilfe|aide|ayuda)\W*$|\bhelp me\b|\bcan you help\b/i,
    says: 'I do sums ("what is 12*7"), tell opening hours if my instructions name them, and explain Trunkline ("what is Trunkline").',
  },
  { asks: /\b(thanks|thank you|thx|cheers|merci|danke|gracias)\b/i, says: "You're welcome!" },
  {
    asks: /^\W*(bye|goodbye|see you|good night|ciao)\b/i,
    says: 'Goodbye! Text any time.',
  },
];

const greeting =
  /^\W*(hi|hello|hey|hiya|howdy|yo|good (morning|afternoon|evening|day)|hallo|hola|bonjour)( there| again| all)?\W*$/i;
const asksHours =
  /\b(opening|open|closing|close|closed|business|office)\b.*\b(hours?|times?|today|tomorrow|now|when|until|mon|tues|wednes|thurs|fri|satur|sun)(day)?\b|\b(when|what time|are|is|until)\b.*\b(open|close|closed|closing|opening)\b|\bhours\b/i;
const asksTime = /\bwhat('s| is)? (the )?(time|date|day)\b|\bwhat time is it\b/i;
const namesHours = /\b(opening|open|hours?|closed)\b/i;

const openingHours = (instructions: string): string | undefined =>
  instructions
    .split(/\n|(?<=[.!?])\s+(?=\p{Lu})/u)
    .map((line) => line.replace(/^[\s*#-]+/, '').trim())
    .find((line) => namesHours.test(line) && /\d/.test(line));

const shorten = (text: string, length: number): string => {
  if (text.length <= length) return text;
  let short = '';
  for (const character of text) {
    if (short.length + character.length > length - 3) return `${short.trimEnd()}...`;
    short += character;
  }
  return short;
};

const known = (text: string, instructions: string): string | null => {
  for (const line of text.split('\n').reverse()) {
    const sum = calculate(line);
    if (sum)
      return Number.isFinite(sum.value)
        ? `${sum.expression} = ${sum.value}`
        : `${sum.expression} has no answer: it divides by zero.`;
  }
  if (asksTime.test(text)) return "I don't know the time: I'm only a few rules, without a clock.";
  if (asksHours.test(text)) {
    const line = openingHours(instructions);
    return line ? shorten(line, 160) : "I don't know the opening hours: my instructions don't name any.";
  }
  return rules.find((rule) => rule.asks.test(text))?.says ?? null;
};

/**
 * The demo model's answer to the person's last text, by rules over that text.
 * @param firstContact whether nothing was answered before; the answer then begins with who is speaking.
 * @returns at most 300 characters, GSM-7 except for what it quotes.
 */
export const demoReply = (asked: { instructions: string; text: string; firstContact: boolean }): string => {
  const text = asked.text.trim();
  const start = asked.firstContact ? `${introduction} ` : '';
  const said = known(text, asked.instructions);
  if (said) return shorten(start + said, longest);
  if (greeting.test(text)) return asked.firstContact ? introduction : `Hi again! ${hints}`;
  const around = `${start}You wrote: "" ${hints}`.length;
  const gist = shorten(text.replace(/\s+/g, ' '), Math.min(120, longest - around));
  return `${start}You wrote: "${gist}" ${hints}`;
};
