import { randomFillSync } from 'node:crypto';

const pool = Buffer.alloc(8192);
let used = pool.length;

/** Returns a new Twilio-like SID: the two letters of its kind and 32 hex digits. */
export function newSid(kind: string): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += 16;
  return kind + pool.toString('hex', used - 16, used);
}
