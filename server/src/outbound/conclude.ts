import type { Outcome } from '../providers/provider.ts';
import type { Claimed } from '../queue/claim.ts';
import type { Settlement } from '../queue/settle.ts';
import { backoff } from './backoff.ts';

export type RetryRules = { attempts: number; backoffSeconds: number; unknownGraceMs: number };

/** What an attempt's outcome means for its message: the settlement to write. */
export const conclude = (
  claimed: Claimed,
  outcome: Outcome,
  latencyMs: number,
  rules: RetryRules,
): Settlement => {
  const settlement: Settlement = {
    organizationId: claimed.organizationId,
    id: claimed.id,
    attempt: claimed.attempt,
    kind: outcome.kind,
    providerSid: null,
    segments: null,
    errorCode: null,
    errorMessage: null,
    afterMs: 0,
    detail: { latencyMs: Math.round(latencyMs) },
  };
  if (outcome.kind === 'sent') {
    settlement.providerSid = outcome.providerSid;
    settlement.segments = outcome.segments;
    settlement.detail.providerStatus = outcome.providerStatus;
    // Taken into its books and given up at once: it has a sid, and no receipt will follow.
    if (outcome.providerStatus === 'failed' || outcome.providerStatus === 'undelivered') {
      settlement.kind = 'failed';
      settlement.errorMessage = 'The provider took it and gave it up at once.';
    }
    return settlement;
  }
  settlement.errorCode = outcome.code;
  settlement.errorMessage = outcome.message;
  if (outcome.kind === 'unknown') {
    settlement.afterMs = rules.unknownGraceMs;
    return settlement;
  }
  settlement.detail.class = outcome.class;
  if (outcome.kind === 'retry') {
    if (claimed.attempt >= rules.attempts) {
      settlement.kind = 'failed';
      settlement.errorMessage = `${outcome.message} It was tried ${claimed.attempt} times.`;
    } else settlement.afterMs = backoff(claimed.attempt, rules.backoffSeconds, outcome.afterMs);
  }
  return settlement;
};
