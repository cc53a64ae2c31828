import { generateText, streamText } from 'ai';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answer } from './answer.ts';
import { createDemoModel } from './demo-model.ts';
import { demoReply } from './demo-reply.ts';
import type { PastText } from './recent-history.ts';

const introduction =
  "Hi! I'm Trunkline's demo assistant, a few plain rules and no AI: set OPENAI_API_KEY or ANTHROPIC_API_KEY to let a real model answer.";

const ask = (texts: string[], instructions = '') =>
  answer({
    model: createDemoModel(),
    instructions,
    history: texts.map((text, i): PastText => ({ role: i % 2 ? 'assistant' : 'user', text })),
    signal: new AbortController().signal,
    timeoutMs: 1_000,
  });
const later = (text: string, instructions = '') => ask(['hi', introduction, text], instructions);

describe('first contact', () => {
  test.each(['hi', 'Hello!', 'good morning'])('%s: says what it is, once', async (text) =>
    expect(await ask([text])).toBe(introduction),
  );
  test('with a question: says what it is, and the answer', async () =>
    expect(await ask(['what is 12*7'])).toBe(`${introduction} 12 * 7 = 84`));
  test('with anything else: echoes it', async () => {
    const said = await ask(['My shower is broken']);
    expect(said).toContain(introduction);
    expect(said).toContain('You wrote: "My shower is broken"');
  });
  test('with a text that we sent before: no introduction needed', async () => {
    const history: PastText[] = [
      { role: 'assistant', text: 'Your table is booked.' },
      { role: 'user', text: 'thanks' },
    ];
    const model = createDemoModel();
    const signal = new AbortController().signal;
    expect(await answer({ model, instructions: '', history, signal, timeoutMs: 1_000 })).toBe(
      "You're welcome!",
    );
  });
});

describe('later', () => {
  const hours = 'You are the desk of Hotel Sol.\n- Opening hours: Mon-Fri 9-17, Sat 10-14.\nBe kind.';
  test.each([
    ['hello', '', 'Hi again! Try "help" or "what is 12*7".'],
    ['help', '', 'I do sums'],
    ['What is 12*7?', '', '12 * 7 = 84'],
    ['what is 1/0', '', 'it divides by zero'],
    ['when are you open?', hours, 'Opening hours: Mon-Fri 9-17, Sat 10-14.'],
    ['Opening hours please', hours, 'Opening hours: Mon-Fri 9-17, Sat 10-14.'],
    ['are you open today', '', "I don't know the opening hours"],
    ['What time is it?', hours, "I don't know the time"],
    ['thanks a lot!', '', "You're welcome!"],
    ['what is Trunkline', '', 'Trunkline connects phone numbers'],
    ['what can you do?', '', 'Trunkline connects phone numbers'],
    ['are you a real person?', '', 'not a person and not an AI'],
    ['hi, what is 2 + 2', '', '2 + 2 = 4'],
    ['hi, my shower is broken', '', 'You wrote: "hi, my shower is broken"'],
    ['Zimmer für zwei, bitte', '', 'You wrote: "Zimmer für zwei, bitte" Try "help" or "what is 12*7".'],
  ])('%s', async (text, instructions, said) => expect(await later(text, instructions)).toContain(said));
});

test('long opening hours are cut where they still fit', async () => {
  const said = await later('when are you open', `Open ${'Mon 9-17, '.repeat(40)}`);
  expect(said).toMatch(/^Open Mon 9-17.*\.\.\.$/);
  expect(said.length).toBeGreaterThan(150);
  expect(said.length).toBeLessThanOrEqual(160);
});

test('streams the same text', async () => {
  const { textStream } = streamText({ model: createDemoModel(), prompt: 'hi' });
  let text = '';
  for await (const piece of textStream) text += piece;
  expect(text).toBe(introduction);
});

test('says which model it is and uses nothing', async () => {
  const { response, usage } = await generateText({ model: createDemoModel(), prompt: 'hi' });
  expect(response.modelId).toBe('demo');
  expect(usage.totalTokens).toBe(0);
});

// GSM 03.38, the part of it that is ASCII.
const gsm = /^[\n\r !"#$%&'()*+,\-./0-9:;<=>?@A-Z_a-z[\]{}~^|\\]*$/;

test('never over 300 characters, the same each time, and in GSM-7 when the person writes it', () => {
  const word = fc.constantFrom(
    'hi',
    'help',
    'open',
    'hours',
    'when',
    'thanks',
    'Trunkline',
    'what is',
    '12*7',
    'time',
    'who are you',
    '\n',
  );
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 2_000 }),
    fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
  );
  fc.assert(
    fc.property(text, fc.string({ maxLength: 500 }), fc.boolean(), (said, instructions, firstContact) => {
      const reply = demoReply({ instructions: `open 9 ${instructions}`, text: said, firstContact });
      expect(reply.length).toBeLessThanOrEqual(300);
      expect(reply.isWellFormed()).toBe(true);
      expect(reply).toBe(demoReply({ instructions: `open 9 ${instructions}`, text: said, firstContact }));
      if (gsm.test(said) && gsm.test(instructions)) expect(reply).toMatch(gsm);
    }),
  );
});

test.each([
  'help',
  'what is trunkline',
  'who are you',
  'thanks',
  'bye',
  'what time is it',
  'when are you open',
])('on first contact the whole answer to "%s" fits', (text) =>
  expect(demoReply({ instructions: '', text, firstContact: true })).not.toMatch(/\.\.\.$/),
);
