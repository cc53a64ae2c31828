import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findBrowser } from './find-browser.mjs';
import { giveUp, run } from './run.mjs';

const needed = [{ name: 'chromium', brew: '--cask chromium', isThere: () => findBrowser() !== null }];

/** Makes sure the tests have a browser: installs them on Debian as root, elsewhere says what to install. */
export async function installSystemPackages() {
  const missing = needed.filter((one) => !one.isThere());
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name);
  if (process.getuid?.() === 0 && isOnPath('apt-get')) await installWithApt(names);
  if (missing.every((one) => one.isThere())) return;
  giveUp(`The tests need ${names.join(' and ')}, missing here: run ${command(missing)} and start again.`);
}

async function installWithApt(names) {
  console.log(`Installing ${names.join(' and ')} with apt-get.`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = async (...args) =>
    run('apt-get', ['-q', '-y', '-o', 'DPkg::Lock::Timeout=120', ...args], { env, quiet: true });
  // Old lists may still do, so only the installation decides.
  const update = await apt('update');
  const { code, output } = await apt('install', '--no-install-recommends', ...names);
  if (code !== 0) giveUp(`apt-get could not install ${names.join(' and ')}.`, `${update.output}\n${output}`);
}

function command(missing) {
  if (process.platform === 'darwin')
    return missing.map(({ brew }) => `\`brew install ${brew}\``).join(' and ');
  return `\`sudo apt-get install ${missing.map(({ name }) => name).join(' ')}\` (or your system's packages of that name)`;
}

function isOnPath(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/sbin'];
  return folders.some((folder) => folder && existsSync(join(folder, program)));
}
