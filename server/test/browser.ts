import { type Browser, chromium } from 'playwright-core';
import { findBrowser } from '../../setup/find-browser.mjs';

const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts Debian's Chromium, or the machine's Chrome or Chromium, without a window. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (!executablePath) {
    throw new Error(
      'These tests need Chromium or Chrome, which is not installed: `npm test` installs it on Debian as root, elsewhere install either, or name one in CHROME_PATH.',
    );
  }
  // Chromium refuses its sandbox to root.
  const args = process.getuid?.() === 0 ? ['--no-sandbox', ...quiet] : quiet;
  return chromium.launch({ executablePath, headless: true, args });
}
