/** Light and dark: the system decides until the person does; the choice is remembered in this browser. */
export type Theme = 'system' | 'light' | 'dark';

const key = 'trunkline.theme';

const isTheme = (value: string | null): value is Theme =>
  value === 'system' || value === 'light' || value === 'dark';

/** The remembered choice; `system` when there is none or storage is closed to us. */
export const readTheme = (): Theme => {
  try {
    const stored = localStorage.getItem(key);
    return isTheme(stored) ? stored : 'system';
  } catch {
    return 'system';
  }
};

const show = (theme: Theme): void => {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
};

/** Shows the theme at once and remembers it. */
export const chooseTheme = (theme: Theme): void => {
  show(theme);
  try {
    localStorage.setItem(key, theme);
  } catch {
    // Private windows may refuse storage; the choice then lasts until the page is left.
  }
};

show(readTheme());
