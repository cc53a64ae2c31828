/** Letters and digits beside which `*` and `_` are part of a word or a formula. Latin only: Chinese has no spaces around emphasis. */
const word = '[\\p{Script=Latin}\\p{N}_]';
// Slashes, backslashes, @ and = keep globs, paths, handles and assignments whole; # and * keep dial codes such as *100#.
const before = `(?<!${word}|[*~\\\\/@=)#])`;

const emphasis: RegExp[] = [
  new RegExp(`${before}(\\*{2,3})(?=[^\\s*/])([^\\n]*?[^\\s*/])\\1(?![*\\d#/])`, 'gu'),
  new RegExp(`${before}(\\*)(?=[^\\s*/])(?=[^\\n*]*\\p{L})([^\\n*]*[^\\s*/])\\1(?!${word}|[*#/])`, 'gu'),
  new RegExp(`${before}(_{1,3})(?=[^\\s_/])([^\\n]*?[^\\s_/])\\1(?!${word}|[(/\\\\]|\\.\\w)`, 'gu'),
  new RegExp(`${before}(~~)(?=[^\\s~])([^\\n]*?[^\\s~])\\1(?!~)`, 'gu'),
];

const link = /!?\[([^[\]\n]*)\]\(\s*<?((?:[^\s()<>]|\([^\s()<>]*\))+)>?(?:\s+["'][^"'\n]*["'])?\s*\)/g;
const address =
  /<((?:https?:\/\/|mailto:)[^\s<>]+|[^\s<>@]+@[^\s<>@]+)>|\bhttps?:\/\/\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;

const withLink = (label: string, target: string): string => {
  const bare = (text: string) => text.replace(/^(?:https?:\/\/|mailto:|tel:)/, '').replace(/\/$/, '');
  return bare(label) === bare(target) ? label : label ? `${label} (${target})` : target;
};

/** One line, or one cell of a table. What must stay as it is goes behind a mark that the text doesn't contain, and returns at the end. */
const flattenInline = (line: string): string => {
  if (!/[*_`~[<\\]/.test(line)) return line;
  let code = 0xe000;
  while (line.includes(String.fromCharCode(code))) code += 1;
  const mark = String.fromCharCode(code);
  const kept: string[] = [];
  const keep = (text: string) => `${mark}${kept.push(text) - 1}${mark}`;

  let flat = line
    .replace(/(?<!`)(`{1,2})(?!`)([^\n]*?[^`\n])\1(?!`)/g, (_, _ticks, inner: string) =>
      keep(inner.trim() || inner),
    )
    .replace(/(?<![:\\\u00af])\\([*_`#~|[\]>])/g, (_, escaped: string) => keep(escaped))
    .replace(link, (_, label: string, target: string) => withLink(label.trim(), target))
    .replace(address, (found, inBrackets: string | undefined) => {
      const whole = inBrackets?.replace(/^mailto:/, '') ?? found;
      // Emphasis around an address ends behind it, and so does a sentence.
      const end = whole.replace(/[*_~.,;:!?)]+$/, '').length;
      return keep(whole.slice(0, end)) + whole.slice(end);
    });
  // Twice, for what stands within a strikethrough.
  for (let round = 0; round < 2; round++)
    for (const pattern of emphasis) flat = flat.replace(pattern, (_, _sign, inner: string) => inner);
  const marked = new RegExp(`${mark}(\\d+)${mark}`, 'g');
  // A kept address may itself hold a kept escape.
  while (flat.includes(mark)) flat = flat.replace(marked, (_, index: string) => kept[Number(index)]!);
  return flat;
};

const fence = /^\s*(```+|~~~+)[^`]*$/;
const rule = /^\s{0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$/;
const delimiterRow = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*$|^\s*\|\s*:?-+:?\s*\|\s*$/;

const flattenRow = (row: string): string => {
  const cells = row
    .trim()
    .replace(/^\||(?<!\\)\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => flattenInline(cell.trim()));
  const [first = '', ...rest] = cells;
  const others = rest.filter(Boolean).join(', ');
  return first && others ? `${first}: ${others}` : first || others;
};

const flattenLine = (line: string): string =>
  flattenInline(
    line
      .replace(/^\s{0,3}#{1,6}\s+(.*?)(?:\s+#+)?\s*$/, '$1')
      .replace(/^\s{0,3}(?:>\s?)+(?=[\p{L}"'*_[`])/u, '')
      .replace(/^(\s*)\*\s+(?=\S)/, '$1- '),
  );

/**
 * Makes plain text for a phone of a model's Markdown: emphasis, headings, quotes, code fences and rules lose their signs, `[a](b)`
 * becomes `a (b)`, a table one line per row. What only looks like Markdown stays: `2 * 3 * 4`, snake_case, `*100#`, addresses with
 * underscores. Text without Markdown's characters comes back unchanged.
 */
export const flattenMarkdown = (text: string): string => {
  const out: string[] = [];
  const lines = text.split('\n');
  let fenced: string | null = null;
  let dropped = false;
  let inTable = false;
  const push = (line: string) => {
    // A line that went away leaves no gap of two blank ones.
    if (dropped && !line.trim() && !out.at(-1)?.trim()) return;
    dropped = false;
    out.push(line);
  };
  for (const [index, line] of lines.entries()) {
    const ticks = fence.exec(line)?.[1];
    if (fenced ? ticks && line.trim().startsWith(fenced) : ticks) {
      fenced = fenced ? null : ticks!;
      dropped = true;
    } else if (fenced) push(line);
    else if (line.includes('|') && (inTable || delimiterRow.test(lines[index + 1] ?? ''))) {
      if (inTable && delimiterRow.test(line)) dropped = true;
      else push(flattenRow(line));
      inTable = true;
    } else {
      inTable = false;
      if (rule.test(line)) dropped = true;
      else push(flattenLine(line));
    }
  }
  return out.join('\n');
};
