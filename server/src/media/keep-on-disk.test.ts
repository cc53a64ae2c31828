import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { newId } from '../base/ids.ts';
import { keepOnDisk } from './keep-on-disk.ts';

/** What was done to the disk, in order: each line an operation and the file's name. */
const done: string[] = [];
let breakAt = '';
const note = (operation: string, file: unknown) => {
  const line = `${operation} ${path.basename(String(file)).replace(/\.[0-9a-f]{12}\.part$/, '.part')}`;
  done.push(line);
  if (breakAt !== '' && line.startsWith(breakAt)) throw new Error('The disk is full.');
};
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  return {
    ...real,
    async open(file: string, flags: string, mode?: number) {
      note(`open(${flags})`, file);
      const handle: FileHandle = await real.open(file, flags, mode);
      return new Proxy(handle, {
        get(target, name) {
          const value = Reflect.get(target, name, target) as unknown;
          if (typeof value !== 'function') return value;
          return (...given: unknown[]) => {
            if (name === 'writeFile' || name === 'sync' || name === 'close') note(name, file);
            return value.apply(target, given) as unknown;
          };
        },
      });
    },
    async rename(from: string, to: string) {
      note('rename', to);
      await real.rename(from, to);
    },
  };
});

let folder: string;
beforeEach(() => {
  folder = path.join(mkdtempSync(path.join(tmpdir(), 'trunkline-media-')), 'media');
  done.length = 0;
  breakAt = '';
});
afterEach(() => rmSync(path.dirname(folder), { recursive: true, force: true }));

test('a file gets its name only when its bytes are on the disk, and the name is put there too', async () => {
  const disk = keepOnDisk(folder);
  const id = newId();
  expect(await disk.put(id, Buffer.from('first'))).toBe(`disk:${id}`);
  const parent = path.basename(path.dirname(folder));
  expect(done).toEqual([
    `open(r) ${parent}`,
    `sync ${parent}`,
    `close ${parent}`,
    `open(wx) ${id}.part`,
    `writeFile ${id}.part`,
    `sync ${id}.part`,
    `close ${id}.part`,
    `rename ${id}`,
    'open(r) media',
    'sync media',
    'close media',
  ]);
  expect(readdirSync(folder)).toEqual([id]);
  expect(statSync(path.join(folder, id)).mode & 0o777).toBe(0o600);
  await disk.put(id, Buffer.from('second'));
  expect(readFileSync(path.join(folder, id), 'utf8')).toBe('second');
});

test.each(['writeFile', 'sync', 'rename'])(
  'a %s that fails leaves what was there, and no rest',
  async (step) => {
    const disk = keepOnDisk(folder);
    const id = newId();
    await disk.put(id, Buffer.from('first'));
    breakAt = `${step} ${id}`;
    await expect(disk.put(id, Buffer.from('second'))).rejects.toThrow('full');
    expect(readdirSync(folder)).toEqual([id]);
    expect(readFileSync(path.join(folder, id), 'utf8')).toBe('first');
  },
);

test('what a killed process left half-written is removed, what may be in the making is not', async () => {
  const id = newId();
  await keepOnDisk(folder).put(id, Buffer.from('whole'));
  for (const name of ['old.part', 'new.part']) writeFileSync(path.join(folder, name), 'half');
  utimesSync(path.join(folder, 'old.part'), 0, 0);
  await keepOnDisk(folder).put(newId(), Buffer.from('another'));
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual(['new.part']);
});

test('is read as it was put; what is gone is null', async () => {
  const disk = keepOnDisk(folder);
  const bytes = Buffer.alloc(300_000, 'abc');
  const storedAs = await disk.put(newId(), bytes);
  const stream = await disk.read(storedAs);
  expect(Buffer.from(await new Response(stream).arrayBuffer()).equals(bytes)).toBe(true);
  expect(await disk.read(`disk:${newId()}`)).toBeNull();
});

test.each(['../admin-token', '/etc/passwd', '', 'a/b', `${newId()}/..`])(
  'the name %j is no name of a medium',
  async (name) => {
    const disk = keepOnDisk(folder);
    await expect(disk.put(name, Buffer.from('x'))).rejects.toThrow('under its id');
    await expect(disk.read(`disk:${name}`)).rejects.toThrow('under its id');
  },
);
