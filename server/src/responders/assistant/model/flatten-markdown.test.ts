import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flattenMarkdown } from './flatten-markdown.ts';

describe('Markdown becomes plain text', () => {
  test.each([
    ['**Bold** and *italic* and __bold__ and _italic_', 'Bold and italic and bold and italic'],
    ['***both*** and **bold *inside* it**', 'both and bold inside it'],
    ['**Price:** **$5**, **12** left.', 'Price: $5, 12 left.'],
    ['**N**ational ~~old~~ new', 'National old new'],
    ['~~*one* **_two_**~~ *a **b** c*', 'one two a b c'],
    ['这是**重要**的', '这是重要的'],
    ['# Opening hours\n## Monday ##\nText', 'Opening hours\nMonday\nText'],
    ['* one\n* two\n  * three', '- one\n- two\n  - three'],
    ['- **a**\n- b\n1. c', '- a\n- b\n1. c'],
    ['See [our page](https://x.org/a_b_c) now', 'See our page (https://x.org/a_b_c) now'],
    ['**[menu](https://x.org/m "The menu")**', 'menu (https://x.org/m)'],
    ['[X](https://en.wikipedia.org/wiki/X_(y))', 'X (https://en.wikipedia.org/wiki/X_(y))'],
    ['[https://x.org](https://x.org/) [me@x.org](mailto:me@x.org)', 'https://x.org me@x.org'],
    [
      '![A cat](https://x.org/cat.png) ![](https://x.org/b.png)',
      'A cat (https://x.org/cat.png) https://x.org/b.png',
    ],
    ['<https://x.org/_a_> or <me_too_@x.org>', 'https://x.org/_a_ or me_too_@x.org'],
    ['**https://x.org/a_b**, then', 'https://x.org/a_b, then'],
    ['Run `npm run *all*` and ``a`b``', 'Run npm run *all* and a`b'],
    [
      'Try:\n\n```js\nconst a = b * c * d; // **x**\n```\n\nDone',
      'Try:\n\nconst a = b * c * d; // **x**\n\nDone',
    ],
    ['~~~\n# kept\n~~~', '# kept'],
    ['Above\n\n---\n\nBelow', 'Above\n\nBelow'],
    ['> quoted\n> **text**', 'quoted\ntext'],
    [
      '| Day | Hours |\n|:---|---:|\n| **Mon** | 9-17 |\n| Tue | 9-12, 14 |\n\nend',
      'Day: Hours\nMon: 9-17\nTue: 9-12, 14\n\nend',
    ],
    ['a | b | c\n--|--|--\n1 | 2 | 3', 'a: b, c\n1: 2, 3'],
    ['snake\\_case and \\*stars\\*', 'snake_case and *stars*'],
  ])('%j', (markdown, plain) => expect(flattenMarkdown(markdown)).toBe(plain));
});

describe('what only looks like Markdown stays', () => {
  test.each([
    '2 * 3 * 4 = 24',
    '2*3*4 and 2**3**4 and a*b*c',
    'snake_case_name and __init__.py and some_other_thing',
    'first_last_x@mail_host.example.org',
    'https://x.org/_a_/b_c*d*e?f=_g_&h=*i*',
    'Dial *100# or *#06# or *131*4# or **21*number#',
    'Dial *69 or *70, then *123*',
    'src/**/a/**/b.ts and /tmp/*/x/*',
    'Name: ____ Age: ____',
    'Free* delivery. *Terms apply.',
    'f*ck, sh*t',
    'f(*args, **kwargs)',
    '#1 pick, #hashtag, C# and F#',
    '5 > 3 and 3 < 5',
    '> 18 years only',
    'either | or | both',
    'a - b - c -- d',
    '[1] and [x](no space allowed here) and (c)',
    '@_some_user_ wrote',
    '¯\\_(ツ)_/¯',
    'C:\\_temp\\x',
    "It's ~5 km, ~~ maybe",
    '1. one\n2. two\n\n\n- three',
  ])('%j', (plain) => expect(flattenMarkdown(plain)).toBe(plain));

  test('any text without the characters of Markdown', () => {
    const plain = fc
      .string({ unit: 'grapheme', maxLength: 400 })
      .map((text) => text.replace(/[*_`#[\]|~<>\\-]/g, ' '));
    fc.assert(fc.property(plain, (text) => flattenMarkdown(text) === text));
  });

  test('numbers, formulas and identifiers in a row', () => {
    const piece = fc.oneof(
      fc.tuple(fc.nat(999), fc.nat(999)).map(([a, b]) => `${a} * ${b}`),
      fc.tuple(fc.nat(999), fc.nat(999)).map(([a, b]) => `${a}*${b}`),
      fc.stringMatching(/^[a-z]{1,5}(_[a-z]{1,5}){1,3}$/),
      fc.stringMatching(/^https:\/\/[a-z]{1,5}\.org\/[a-z_]{1,9}[a-z]$/),
      fc.stringMatching(/^[a-z_]{1,9}@[a-z]{1,5}\.org$/),
    );
    const plain = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(' '));
    fc.assert(fc.property(plain, (text) => flattenMarkdown(text) === text));
  });
});

test('any soup of signs comes back, with no letter made up', () => {
  const soup = fc.array(
    fc.constantFrom(
      '*',
      '**',
      '_',
      '`',
      '```',
      '~~',
      '[',
      ']',
      '(',
      ')',
      '|',
      '-',
      '#',
      '>',
      '\\',
      '\n',
      ' ',
      'a',
      'é',
      '1',
      'https://x.org/a',
      'a@b.co',
    ),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(soup, (pieces) => {
      const text = pieces.join('');
      expect(flattenMarkdown(text).replace(/[^a-zé1]/g, '').length).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 1000 },
  );
});

test.each(['**a ', '*a ', '_a ', '[a](', '`a ', '<a', '| ', '[', '\\*', 'a@', '# ', '> '])(
  '16,000 characters of %j take no time',
  (piece) => {
    const started = performance.now();
    flattenMarkdown(piece.repeat(16_000 / piece.length));
    expect(performance.now() - started).toBeLessThan(1_500);
  },
);
