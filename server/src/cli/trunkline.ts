#!/usr/bin/env node
import { Command } from 'commander';
import { readConfig } from '../base/config.ts';
import { type Database, openDatabase } from '../base/db.ts';
import { CannotStart } from '../base/errors.ts';
import { migrate } from '../base/migrate.ts';
import { startPostgres } from '../base/postgres/start.ts';
import { createApiKey, listApiKeys, revokeApiKey } from '../http/auth/api-keys.ts';
import { firstOrganization } from '../http/auth/first-organization.ts';
import { makeFirstRunLink } from '../http/auth/first-run-link.ts';
import { settingsPage } from './settings-page.ts';

/** Opens the database of the settings, the embedded one too, does the work, and closes what it opened. */
const withDatabase = async (work: (db: Database, publicUrl: string) => Promise<void>): Promise<void> => {
  const config = readConfig();
  const postgres =
    config.DATABASE_URL === null ? await startPostgres({ dataDir: `${config.dataDir}/postgres` }) : null;
  const db = openDatabase(config.DATABASE_URL ?? postgres!.url, { connections: 2 });
  try {
    await migrate(db);
    await work(db, config.publicUrl);
  } finally {
    await db.close();
    await postgres?.stop();
  }
};

const organization = async (db: Database): Promise<string> => {
  const id = await firstOrganization(db);
  if (id === null)
    throw new CannotStart('There is no organization yet: start the server once, it makes the first one.');
  return id;
};

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const program = new Command('trunkline')
  .description('Trunkline, a self-hosted SMS platform. Settings come from the environment.')
  .showHelpAfterError('Run with --help for the verbs.');

program
  .command('start')
  .description('run the server (and in demo mode the simulator) until Ctrl-C')
  .action(async () => {
    const { runUntilStopped } = await import('../main.ts');
    await runUntilStopped();
  });

program
  .command('link')
  .description('print a fresh sign-in link for the console: one use, one hour')
  .action(() => withDatabase(async (db, publicUrl) => print(await makeFirstRunLink(db, publicUrl))));

program
  .command('migrate')
  .description("bring the database's schema up to this version")
  .action(() => withDatabase(async () => print('The schema is up to date.')));

const keys = program.command('keys').description("API keys of the installation's first organization");
keys
  .command('create <name>')
  .description('make a key; it is printed this once')
  .action((name: string) =>
    withDatabase(async (db) => print((await createApiKey(db, await organization(db), name)).key)),
  );
keys
  .command('list')
  .description('list the keys that work')
  .action(() =>
    withDatabase(async (db) => {
      const list = await listApiKeys(db, await organization(db));
      if (list.length === 0) print('There are no API keys. Make one with: trunkline keys create <name>');
      for (const key of list)
        print(`${key.id}  ${key.prefix}…  ${key.name}  last used ${key.lastUsedAt ?? 'never'}`);
    }),
  );
keys
  .command('revoke <id>')
  .description('make a key useless at once')
  .action((id: string) =>
    withDatabase(async (db) => {
      await revokeApiKey(db, await organization(db), id);
      print('Revoked.');
    }),
  );

program
  .command('settings')
  .description('print the reference of all settings (Markdown)')
  .action(() => print(settingsPage()));

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
