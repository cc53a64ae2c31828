import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

const sources = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/node_modules|dist\/|\.test\.tsx?$|\.d\.ts$/.test(name))
    .map((name) => path.join(folder, name));

const text = (file: string) => readFileSync(path.join(root, file), 'utf8');

/** What a file imports, statically or not; comments don't count. */
const importsOf = (file: string): string[] => {
  const code = text(file).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const found = code.matchAll(
    /^\s*(?:import|export)\s[^;'"]*?from\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]/gm,
  );
  return [...found].map((one) => (one[1] ?? one[2] ?? one[3])!);
};

/**
 * The import line, from what may be imported by all to what may import all. A room imports rooms of lower rank only, so rooms of one
 * rank don't know of each other.
 */
const rank: Record<string, number> = {
  base: 1,
  providers: 2,
  queue: 2,
  store: 2,
  events: 3,
  outbound: 4,
  media: 4,
  responders: 5,
  inbound: 6,
  outbox: 6,
  http: 7,
  cli: 8,
  demo: 7,
  'main.ts': 9,
  'first-data.ts': 7,
  'start-workers.ts': 8,
};

/** Exceptions, each with its reason. */
const allowed = new Set([
  // Credentials are the adapter's word for what the store keeps; a type only.
  'server/src/store/provider-accounts.ts → providers',
  // The start verb is main itself, loaded when it is asked for.
  'server/src/cli/trunkline.ts → main.ts',
]);

const room = (file: string) => path.relative('server/src', file).split(path.sep)[0]!;

describe('the import line', () => {
  const files = sources('server/src');

  test('a room imports only what stands below it', () => {
    const broken: string[] = [];
    for (const file of files) {
      const own = room(file);
      expect(rank, `${own} is not a room of the tree`).toHaveProperty([own]);
      for (const specifier of importsOf(file).filter((one) => one.startsWith('.'))) {
        const target = path.join(path.dirname(file), specifier);
        const other = room(target);
        if (!target.startsWith(`server${path.sep}src`) || other === own) continue;
        if (!allowed.has(`${file} → ${other}`) && !(rank[other]! < rank[own]!))
          broken.push(`${file} → ${specifier}`);
      }
    }
    expect(broken).toEqual([]);
  });

  test('the line is really read: a known import is seen', () => {
    expect(importsOf('server/src/main.ts')).toContain('./http/server.ts');
  });

  test('workspaces import the contract at most', () => {
    for (const file of [...files, ...sources('simulator/src'), ...sources('console/src')])
      for (const specifier of importsOf(file).filter((one) => one.startsWith('@trunkline/')))
        expect(specifier, file).toMatch(/^@trunkline\/contract(\/(simulator|device))?$/);
  });

  test('the contract imports nothing of ours, and holds no logic', () => {
    for (const file of sources('contract'))
      for (const specifier of importsOf(file)) expect(specifier, file).toMatch(/^(zod|\.\/[\w-]+\.ts)$/);
  });
});

describe('one place for each thing', () => {
  const files = sources('server/src');

  test('pg only in base/db.ts and the embedded PostgreSQL', () => {
    for (const file of files)
      if (importsOf(file).includes('pg')) expect(file).toMatch(/^server\/src\/base\/(db\.ts|postgres\/)/);
  });

  test('process.env only in config', () => {
    for (const file of files)
      if (text(file).includes('process.env'))
        expect(file).toMatch(/^server\/src\/base\/(config\.ts|postgres\/)/);
  });

  test('the wall clock only in clock.ts', () => {
    for (const file of files)
      if (/Date\.now\(\)|new Date\(\)/.test(text(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')))
        expect(file).toMatch(/^server\/src\/base\/(clock\.ts|log\.ts|postgres\/)/);
  });

  test('calls go out by a known way: to hosts of data only through the guarded fetch', () => {
    const ways = [
      'server/src/base/guarded-fetch.ts',
      // To the API's address, from the settings or an administrator.
      'server/src/providers/wire.ts',
      // To the bucket of the settings.
      'server/src/media/keep-in-s3.ts',
      // To the simulator.
      'server/src/demo/own-numbers.ts',
      'server/src/demo/start-simulator.ts',
    ];
    for (const file of files) {
      const code = text(file).replace(/import type [^;]*;/g, '');
      if (/from '(undici|(node:)?https?)'|(await|return|=>|=)\s+fetch\(/.test(code))
        expect(ways).toContain(file);
    }
  });

  test('no rooms that are drawers', () => {
    for (const file of [
      ...files,
      ...sources('simulator/src'),
      ...sources('console/src'),
      ...sources('contract'),
    ])
      expect(file).not.toMatch(/(^|\/)(utils?|common|helpers?|services|managers?|misc|lib)(\/|\.tsx?$)/);
  });

  test('every migration has a number of its own, without gaps', () => {
    const names = readdirSync(path.join(root, 'server/migrations')).sort();
    names.forEach((name, i) => {
      expect(name).toMatch(new RegExp(`^${String(i + 1).padStart(6, '0')}_[a-z_]+\\.sql$`));
    });
  });
});
