import { settings } from '../base/config.ts';

const showDefault = (value: unknown, secret: boolean | undefined): string => {
  if (value === null || (Array.isArray(value) && value.length === 0)) return secret ? '—' : 'unset';
  return `\`${Array.isArray(value) ? value.join(',') : String(value)}\``;
};

/** The reference page of the settings, made from their one description in config.ts. */
export const settingsPage = (): string => {
  const rows = Object.entries(settings).map(([name, one]) => {
    const {
      default: value,
      unit,
      secret,
      sentence,
    } = one as {
      default: unknown;
      unit?: string;
      secret?: true;
      sentence: string;
    };
    return `| \`${name}\` | ${showDefault(value, secret)}${unit ? ` ${unit}` : ''} | ${sentence}${secret ? ' **Secret.**' : ''} |`;
  });
  return [
    '# Settings',
    '',
    'Read from the environment once, at the start. Everything that is wrong is said at once, and then nothing starts.',
    'This page is made from `server/src/base/config.ts` by `trunkline settings`; a test keeps it in step.',
    '',
    '| setting | default | what it does |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
};
