import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Encrypts and decrypts what is stored, with a key derived from SECRET_KEY. */
export type Sealer = { seal(text: string): Buffer; open(sealed: Buffer): string };

/** AES-256-GCM; the nonce leads, the tag follows. `open` throws when the key is another or a byte was changed. */
export const createSealer = (secretKey: string): Sealer => {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'trunkline credentials', 32));
  return {
    seal(text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed) {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 });
      decipher.setAuthTag(sealed.subarray(-16));
      return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString('utf8');
    },
  };
};

/** SHA-256 of a text: what is kept of a token. */
export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** A secret of 32 random bytes kept in a file that only its owner reads; made at the first call. */
export const keptSecret = async (dataDir: string, name: string): Promise<string> => {
  const file = path.join(dataDir, name);
  await mkdir(dataDir, { recursive: true });
  try {
    // `wx`: of two processes starting at once, one writes and both read the same.
    await writeFile(file, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return (await readFile(file, 'utf8')).trim();
};
