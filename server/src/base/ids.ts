import { randomFillSync } from 'node:crypto';
import { nowMs } from './clock.ts';

const pool = Buffer.alloc(8 * 512);
let used = pool.length;
let lastMs = 0;
let counter = 0;

/**
 * A new UUIDv7 as a string, later than every one this process made before: RFC 9562 §6.2 method 1, the 12 bits after the time
 * are a counter. Node's own randomUUIDv7 has no order within a millisecond, and texts of one conversation are ordered by id.
 */
export const newId = (): string => {
  const ms = nowMs();
  if (ms > lastMs) {
    lastMs = ms;
    counter = 0;
  } else if (++counter > 0xfff) {
    lastMs += 1;
    counter = 0;
  }
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  pool[used] = (pool[used]! & 0x3f) | 0x80;
  const random = pool.toString('hex', used, used + 8);
  used += 8;
  const time = lastMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${random.slice(0, 4)}-${random.slice(4)}`;
};

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a string from outside has the shape of an id, so that it may go into a statement. */
export const isId = (value: string): boolean => uuid.test(value);
