import { nowMs } from '../base/clock.ts';
import type { Db } from '../base/db.ts';
import { gather } from '../base/gather.ts';
import type { Log } from '../base/log.ts';
import type { Signals } from '../base/signals.ts';
import { workByLease } from '../base/work-by-lease.ts';
import type { Outcome, Provider } from '../providers/provider.ts';
import { type Claimed, claim } from '../queue/claim.ts';
import { type Settlement, settle } from '../queue/settle.ts';
import type { Directory } from '../store/directory.ts';
import { statusUrl } from './callback-url.ts';
import { conclude, type RetryRules } from './conclude.ts';

type Parts = {
  db: Db;
  directory: Directory;
  provider: Provider;
  signals: Signals;
  log: Log;
  publicUrl: string;
  statusCallbackUrl: string | null;
  concurrency: number;
  leaseSeconds: number;
  rules: RetryRules;
  /** Told of each attempt, for the metrics. */
  onAttempt?: (outcome: Outcome['kind'], seconds: number) => void;
  /** Told each time the worker came round. */
  onRound?: () => void;
};

/** The worker that empties the queue: claims in batches, sends side by side, settles in batches. Stopped, it finishes what is under way. */
export const startSending = (parts: Parts) => {
  const { db, directory, provider, signals, log, concurrency, leaseSeconds, rules } = parts;

  const write = gather((batch: Settlement[]) => settle(db, batch));

  const settleSurely = async (settlement: Settlement) => {
    // The provider has the text: what it said must be written, so the database gets until the lease ends to come back.
    const until = nowMs() + leaseSeconds * 1000;
    for (;;) {
      try {
        return await write(settlement);
      } catch (error) {
        if ((error as { code?: string }).code === '23505') {
          // Another message of the same words adopted this sid while ours was unclear; ours is looked up again.
          log.warn({ messageId: settlement.id }, 'the sid of a sent message was adopted by another');
          return await write({ ...settlement, kind: 'unknown', providerSid: null, afterMs: 0 });
        }
        if (nowMs() > until) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  };

  const attempt = async (claimed: Claimed) => {
    const number = await directory.numberById(claimed.organizationId, claimed.numberId);
    const account = number && (await directory.accountById(number.providerAccountId));
    const began = performance.now();
    const outcome: Outcome =
      number && account
        ? await provider.send(
            {
              messageId: claimed.id,
              from: claimed.from,
              to: claimed.to,
              body: claimed.body,
              mediaUrls: claimed.mediaUrls ?? [],
              messagingServiceSid: number.messagingServiceSid,
              statusCallbackUrl: statusUrl(parts.publicUrl, account, parts.statusCallbackUrl),
              validitySeconds: claimed.expiresAt
                ? Math.max(1, Math.ceil((claimed.expiresAt.getTime() - nowMs()) / 1000))
                : null,
            },
            account.credentials,
          )
        : {
            kind: 'failed',
            code: null,
            message: 'The number it was to be sent from is gone.',
            class: 'configuration',
          };
    const latencyMs = performance.now() - began;
    parts.onAttempt?.(outcome.kind, latencyMs / 1000);
    await settleSurely(conclude(claimed, outcome, latencyMs, rules));
    signals.raise('event');
  };

  return workByLease<Claimed>({
    name: 'sending',
    log,
    concurrency,
    leastRoom: concurrency / 4,
    onRound: parts.onRound,
    onWake: (heard) => signals.on('send', heard),
    claim: (room) => claim(db, room, leaseSeconds),
    work: attempt,
    failed: (claimed, error) =>
      log.error({ error, messageId: claimed.id }, 'an attempt could not be settled; its lease will run out'),
  });
};
