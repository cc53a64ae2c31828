import type { LedgerEntry } from '@trunkline/contract/simulator';

export interface LedgerQuery {
  from: string | null;
  to: string | null;
  accountSid: string | null;
  /** Milliseconds; entries accepted at or after it. */
  since: number | null;
  /** Position to go on from. */
  start: number;
  limit: number;
}

export interface Ledger {
  add(entry: LedgerEntry): void;
  /** Returns matching entries in the order they were accepted, and the position to go on from, or null at the end. */
  read(query: LedgerQuery): { data: LedgerEntry[]; next: number | null };
  count(): number;
  clear(): void;
}

/** Every message that was accepted, in order. Grows without bound by design: it is what tests count. */
export function createLedger(): Ledger {
  const entries: LedgerEntry[] = [];
  const byTo = new Map<string, LedgerEntry[]>();
  return {
    add(entry) {
      entries.push(entry);
      const list = byTo.get(entry.to);
      if (list) list.push(entry);
      else byTo.set(entry.to, [entry]);
    },
    read({ from, to, accountSid, since, start, limit }) {
      const list = to === null ? entries : (byTo.get(to) ?? []);
      const data: LedgerEntry[] = [];
      const earliest = since === null ? '' : new Date(since).toISOString();
      let i = Math.max(start, firstSince(list, earliest));
      for (; i < list.length && data.length < limit; i++) {
        const entry = list[i]!;
        if (from !== null && entry.from !== from) continue;
        if (accountSid !== null && entry.accountSid !== accountSid) continue;
        data.push(entry);
      }
      return { data, next: i < list.length ? i : null };
    },
    count: () => entries.length,
    clear() {
      entries.length = 0;
      byTo.clear();
    },
  };
}

function firstSince(list: LedgerEntry[], earliest: string): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]!.acceptedAt < earliest) low = middle + 1;
    else high = middle;
  }
  return low;
}
