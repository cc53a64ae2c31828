const longest = 100;

const worded: [RegExp, string][] = [
  [/\bplus\b/gi, '+'],
  [/\bminus\b/gi, '-'],
  [/\b(?:times|multiplied by)\b|[x×·](?=\s*[\d(])/gi, '*'],
  [/\bdivided by\b|[÷:](?=\s*[\d(])/gi, '/'],
];

const values = (text: string): number | null => {
  const tokens = text.match(/\d+(?:\.\d+)?|[-+*/()]/g) ?? [];
  let at = 0;

  const factor = (): number => {
    const token = tokens[at++];
    if (token === '-') return -factor();
    if (token === '(') {
      const inner = sum();
      return tokens[at++] === ')' ? inner : Number.NaN;
    }
    return token === undefined ? Number.NaN : Number(token);
  };
  const product = (): number => {
    let left = factor();
    while (tokens[at] === '*' || tokens[at] === '/')
      left = tokens[at++] === '*' ? left * factor() : left / factor();
    return left;
  };
  const sum = (): number => {
    let left = product();
    while (tokens[at] === '+' || tokens[at] === '-')
      left = tokens[at++] === '+' ? left + product() : left - product();
    return left;
  };

  const value = sum();
  return at === tokens.length && !Number.isNaN(value) ? value : null;
};

/**
 * Finds a sum in a text ("what is 12*7", "3 plus 4", "(1+2)*3 =") and works it out.
 * @returns the expression as understood and its value (infinite when it divides by zero), or null when there is none: a bare
 *   "555-1234" or "24/7" is a phone number or a saying, not a question.
 */
export const calculate = (text: string): { expression: string; value: number } | null => {
  const asked =
    /^\s*(?:(?:so|and|ok|hi|hey|hello|please),?\s+)*(?:what(?:'s|’s| is)|whats|how much is|calculate|compute)\b/i;
  let rest = text.replace(asked, ' ').replace(/[=?!.\s]+$/, '');
  for (const [word, sign] of worded) rest = rest.replace(word, sign);
  rest = rest.trim();
  if (rest.length > longest || !/^[-+*/().\d\s]+$/.test(rest)) return null;
  if (!/\d\s*\)*\s*[-+*/]\s*[-(\s]*\d/.test(rest)) return null;
  const isQuestion = asked.test(text) || /=\s*\??\s*$/.test(text);
  if (!isQuestion && !/\*|\+|\d\s+[-/]\s+\d/.test(rest.replace(/^\+/, ''))) return null;
  const value = values(rest);
  if (value === null) return null;
  const expression = rest.replace(/\s+/g, '').replace(/(?<=[\d)])[-+*/]/g, ' $& ');
  return { expression, value: Number.isFinite(value) ? Number(value.toPrecision(12)) : value };
};
