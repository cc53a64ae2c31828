import type { WebhookAttempt } from '@trunkline/contract/simulator';

const kept = 10_000;

export interface WebhookLog {
  add(attempt: WebhookAttempt): void;
  all(): WebhookAttempt[];
  clear(): void;
}

/** The last attempts at webhooks, as Twilio's debugger shows them. */
export function createWebhookLog(): WebhookLog {
  const attempts: WebhookAttempt[] = [];
  return {
    add(attempt) {
      attempts.push(attempt);
      if (attempts.length >= 2 * kept) attempts.splice(0, attempts.length - kept);
    },
    all: () => attempts.slice(-kept),
    clear() {
      attempts.length = 0;
    },
  };
}
