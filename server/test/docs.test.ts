import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { settingsPage } from '../src/cli/settings-page.ts';

const page = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

test('docs/settings.md is what config.ts says', () => {
  expect(page('docs/settings.md')).toBe(`${settingsPage()}\n`);
});
