import { LRUCache } from 'lru-cache';

/**
 * Keeps what was looked up for a short while. A kept value is returned at once, not as a promise; callers that miss together share
 * one look-up; null is never kept. After `forget()` nothing looked up before, not even what was under way, is returned or kept.
 */
export const remember = <V extends object>({ max, ttlMs }: { max: number; ttlMs: number }) => {
  const kept = new LRUCache<string, V>({ max, ttl: ttlMs });
  let loading = new Map<string, Promise<V | null>>();

  const start = (key: string, load: () => Promise<V | null>) => {
    const mine = loading;
    const under = (async () => {
      try {
        const value = await load();
        if (value !== null && mine === loading) kept.set(key, value);
        return value;
      } finally {
        mine.delete(key);
      }
    })();
    mine.set(key, under);
    return under;
  };

  return {
    get: (key: string, load: () => Promise<V | null>): V | null | Promise<V | null> =>
      kept.get(key) ?? loading.get(key) ?? start(key, load),
    forget(): void {
      kept.clear();
      loading = new Map();
    },
  };
};
