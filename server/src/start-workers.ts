import type { Config } from './base/config.ts';
import type { Database } from './base/db.ts';
import type { GuardedFetch } from './base/guarded-fetch.ts';
import type { Log } from './base/log.ts';
import type { Signal, Signals } from './base/signals.ts';
import { startSweeping } from './base/sweep.ts';
import type { Keep } from './media/keep.ts';
import { runMedia } from './media/run-media.ts';
import type { Accept } from './outbound/accept.ts';
import { resolveUnclear } from './outbound/resolve.ts';
import { startSending } from './outbound/send.ts';
import type { Outcome, Provider } from './providers/provider.ts';
import { expire, release } from './queue/release.ts';
import { rescue } from './queue/rescue.ts';
import type { Models } from './responders/assistant/model/models.ts';
import { runTurns } from './responders/assistant/run-turns.ts';
import { adoptTexts } from './store/device-texts/adopt.ts';
import { rescueDeviceTexts } from './store/device-texts/rescue.ts';
import type { Directory } from './store/directory.ts';
import { rescueTurns } from './store/turns.ts';

const sweepEveryMs = 500;
const turnsAtOnce = 32;
/** Each is held in memory while it is fetched. */
const mediaAtOnce = 4;
/** Only a text that came in the moment its number got its first device is left for this. */
const adoptEveryMs = 10_000;

type Parts = {
  config: Config;
  db: Database;
  signals: Signals;
  directory: Directory;
  provider: Provider;
  accept: Accept;
  models: Models;
  guarded: GuardedFetch;
  keep: Keep;
  log: Log;
  onAttempt: (outcome: Outcome['kind'], seconds: number) => void;
  /** Told each time the worker of this name came round. */
  beat: (name: string) => void;
};

/** Starts what the role `worker` does: sending, assistants' turns, and the chores that mend what crashes left behind. */
export const startWorkers = ({
  config,
  beat,
  onAttempt,
  accept,
  models,
  guarded,
  keep,
  ...shared
}: Parts) => {
  const { db, signals, log } = shared;
  const leaseSeconds = config.SEND_LEASE_SECONDS;
  const graceMs = config.UNKNOWN_GRACE_SECONDS * 1000;

  const sending = startSending({
    ...shared,
    publicUrl: config.publicUrl,
    statusCallbackUrl: config.TWILIO_STATUS_CALLBACK_URL,
    concurrency: config.SEND_CONCURRENCY,
    leaseSeconds,
    rules: {
      attempts: config.SEND_ATTEMPTS,
      backoffSeconds: config.SEND_BACKOFF_SECONDS,
      unknownGraceMs: graceMs,
    },
    onAttempt,
    onRound: () => beat('sending'),
  });

  const turns = runTurns({
    db,
    signals,
    log,
    accept,
    models,
    timeoutMs: config.TURN_TIMEOUT_SECONDS * 1000,
    attempts: config.TURN_ATTEMPTS,
    concurrency: turnsAtOnce,
    leaseSeconds,
    onRound: () => beat('turns'),
  });

  const media = runMedia({
    ...shared,
    guarded,
    keep,
    maxBytes: config.MEDIA_MAX_BYTES,
    timeoutMs: config.MEDIA_TIMEOUT_SECONDS * 1000,
    attempts: config.MEDIA_ATTEMPTS,
    deleteAtProvider: config.MEDIA_DELETE_AT_PROVIDER === 'on',
    concurrency: mediaAtOnce,
    leaseSeconds,
    onRound: () => beat('media'),
  });

  /** A chore that, when it found something, tells those who go on with it. */
  const chore = (name: string, then: Signal, work: () => Promise<number>) => ({
    name,
    async run() {
      const count = await work();
      if (count > 0) for (const signal of [then, 'event'] as const) signals.raise(signal);
      return count;
    },
  });
  /** The same for devices, which are named. */
  const devicesChore = (name: string, work: () => Promise<string[]>) => ({
    name,
    async run() {
      const deviceIds = await work();
      if (deviceIds.length > 0) {
        signals.raise('device', deviceIds);
        signals.raise('event');
      }
      return deviceIds.length;
    },
  });
  const sweeping = startSweeping(
    [
      chore('rescue', 'event', () => rescue(db)),
      chore('expire', 'send', () => expire(db)),
      chore('release', 'send', () => release(db)),
      chore('resolve', 'send', () => resolveUnclear({ ...shared, graceMs, leaseSeconds })),
      chore('rescue turns', 'turn', () => rescueTurns(db)),
      devicesChore('rescue texts of devices', () =>
        rescueDeviceTexts(db, { attempts: config.DEVICE_ATTEMPTS }),
      ),
    ],
    sweepEveryMs,
    log,
    () => beat('sweeping'),
  );
  const adopting = startSweeping(
    [devicesChore('adopt texts', () => adoptTexts(db, null))],
    adoptEveryMs,
    log,
  );

  return {
    /** Takes up nothing more and resolves when what is under way has ended. */
    async stop() {
      await adopting.stop();
      await sweeping.stop();
      await media.stop();
      await turns.stop();
      await sending.stop();
    },
  };
};
