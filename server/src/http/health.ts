import { nowMs } from '../base/clock.ts';
import type { Db } from '../base/db.ts';
import { countRegistered } from '../store/relay-registry.ts';

/** A worker that didn't come round for this long is believed stuck, milliseconds. */
const stuckMs = 30_000;
const patienceMs = 3_000;
const unavailable = { database: 'unavailable', ducks: 0 };

export type Heartbeats = Map<string, number>;

/** GET /health: healthy only when the database answers and every worker of this process came round lately. */
export const checkHealth = async (db: Db, heartbeats: Heartbeats) => {
  let timer: NodeJS.Timeout | undefined;
  const { database, ducks } = await Promise.race([
    countRegistered(db).then(
      (ducks) => ({ database: 'connected', ducks }),
      () => unavailable,
    ),
    new Promise<typeof unavailable>((resolve) => {
      timer = setTimeout(resolve, patienceMs, unavailable);
    }),
  ]);
  clearTimeout(timer);
  const workers = Object.fromEntries(
    [...heartbeats].map(([name, at]) => [name, nowMs() - at < stuckMs ? 'running' : 'stuck']),
  );
  const healthy = database === 'connected' && !Object.values(workers).includes('stuck');
  return {
    status: healthy ? 200 : 503,
    body: {
      status: healthy ? 'healthy' : 'unhealthy',
      service: 'trunkline',
      timestamp: new Date(nowMs()).toISOString(),
      database,
      workers,
      // The word of the first relay, which its users' probes look for.
      registered_ducks: ducks,
    },
  };
};
