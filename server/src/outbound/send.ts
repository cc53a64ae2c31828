import { nowMs } from '../base/clock.ts';
import type { Db } from '../base/db.ts';
import { gather } from '../base/gather.ts';
import type { Log } from '../base/log.ts';
import type { Signals } from '../base/signals.ts';
import type { Outcome, Provider } from '../providers/provider.ts';
import { type Claimed, claim } from '../queue/claim.ts';
import { type Settlement, settle } from '../queue/settle.ts';
import type { Directory } from '../store/directory.ts';
import { statusUrl } from './callback-url.ts';
import { conclude, type RetryRules } from './conclude.ts';

const pollMs = 1_000;

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

/** The worker that empties the queue: claims in batches, sends side by side, settles in batches. */
export const startSending = (parts: Parts) => {
  const { db, directory, provider, signals, log, concurrency, leaseSeconds, rules } = parts;
  let underWay = 0;
  let stopping = false;
  let claiming = false;
  let again = false;
  let timer: NodeJS.Timeout | undefined;
  let whenEmpty: (() => void) | undefined;

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

  const finish = (claimed: Claimed, error?: unknown) => {
    if (error)
      log.error({ error, messageId: claimed.id }, 'an attempt could not be settled; its lease will run out');
    underWay -= 1;
    if (stopping && underWay === 0) whenEmpty?.();
    // The next text of the same conversation may go now.
    void next();
  };

  const next = async () => {
    if (stopping) return;
    if (claiming) {
      again = true;
      return;
    }
    // Claiming in small bites costs a statement per text: wait until a quarter of the places is free.
    if (underWay > 0 && concurrency - underWay < concurrency / 4) return;
    claiming = true;
    again = false;
    clearTimeout(timer);
    try {
      const room = concurrency - underWay;
      const batch = await claim(db, room, leaseSeconds);
      underWay += batch.length;
      for (const claimed of batch)
        attempt(claimed).then(
          () => finish(claimed),
          (error) => finish(claimed, error),
        );
      if (batch.length === room) again = true;
    } catch (error) {
      log.warn({ error }, 'the queue could not be read, trying again');
    }
    claiming = false;
    parts.onRound?.();
    timer = setTimeout(next, pollMs);
    if (again) void next();
  };

  const off = signals.on('send', () => void next());
  void next();

  return {
    /** Claims nothing more and resolves when every attempt under way is settled. */
    async stop() {
      stopping = true;
      off();
      clearTimeout(timer);
      while (claiming) await new Promise((resolve) => setImmediate(resolve));
      if (underWay > 0)
        await new Promise<void>((resolve) => {
          whenEmpty = resolve;
        });
    },
    /** Attempts under way. */
    busy: () => underWay,
  };
};
