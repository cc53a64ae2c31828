import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSealer, keptSecret, sha256 } from '../src/base/secrets.ts';

const sealer = createSealer('a secret key of at least 32 characters');

describe('createSealer', () => {
  test('opens what it sealed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(sealer.open(sealer.seal(text))).toBe(text);
      }),
    );
  });

  test('the same text is sealed differently each time and does not show', () => {
    const [one, two] = [sealer.seal('auth-token'), sealer.seal('auth-token')];
    expect(one.equals(two)).toBe(false);
    expect(one.includes('auth-token')).toBe(false);
  });

  test('another process with the same key opens it, one with another key does not', () => {
    const sealed = sealer.seal('auth-token');
    expect(createSealer('a secret key of at least 32 characters').open(sealed)).toBe('auth-token');
    expect(() => createSealer('another secret key of 32 characters!').open(sealed)).toThrow();
  });

  test('no byte can be changed, dropped or added unnoticed', () => {
    const sealed = sealer.seal('auth-token');
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at] = changed[at]! ^ 1;
      expect(() => sealer.open(changed)).toThrow();
    }
    for (let length = 0; length < sealed.length; length++)
      expect(() => sealer.open(sealed.subarray(0, length))).toThrow();
    expect(() => sealer.open(Buffer.concat([sealed, Buffer.from([0])]))).toThrow();
  });
});

test('sha256 is the known one', () => {
  expect(sha256('abc').toString('hex')).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});

describe('keptSecret', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'trunkline-secrets-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('is made once, also by several at the same time, and only its owner reads it', async () => {
    const dataDir = path.join(folder, 'not', 'there yet');
    const all = await Promise.all(Array.from({ length: 8 }, () => keptSecret(dataDir, 'admin-token')));
    expect(new Set(all).size).toBe(1);
    expect(all[0]).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(await keptSecret(dataDir, 'admin-token')).toBe(all[0]);
    expect(await keptSecret(dataDir, 'secret-key')).not.toBe(all[0]);
    expect((await stat(path.join(dataDir, 'admin-token'))).mode & 0o777).toBe(0o600);
  });
});
