import type { Db } from '../base/db.ts';
import type { Log } from '../base/log.ts';
import type { ListedMessage, Provider, ReceiptStatus } from '../providers/provider.ts';
import { adopt, claimUnclear, lookLater, sendAgain, type Unclear } from '../queue/lookup.ts';
import type { Directory } from '../store/directory.ts';

/** Clocks differ, and the provider's dates are cut to the second. */
const skewMs = 30_000;

type Parts = {
  db: Db;
  directory: Directory;
  provider: Provider;
  log: Log;
  graceMs: number;
  /** How long others leave a message alone that is being looked up: when we die in it, so long it waits. */
  leaseSeconds: number;
};

/** Our state for a message that the provider has. */
export const takenStatus = (
  status: ReceiptStatus,
): 'sent' | 'delivered' | 'undelivered' | 'failed' | 'read' | 'canceled' =>
  status === 'delivered' ||
  status === 'undelivered' ||
  status === 'failed' ||
  status === 'read' ||
  status === 'canceled'
    ? status
    : 'sent';

const resolveOne = async ({ db, directory, provider, log, graceMs }: Parts, unclear: Unclear) => {
  const number = await directory.numberById(unclear.organizationId, unclear.numberId);
  const account = number && (await directory.accountById(number.providerAccountId));
  if (!account) return;
  let listed: ListedMessage[];
  try {
    listed = await provider.list(
      {
        from: number.messagingServiceSid ? '' : unclear.from,
        to: unclear.to,
        since: new Date(unclear.attemptAt.getTime() - skewMs),
      },
      account.credentials,
    );
  } catch (error) {
    log.warn({ error, messageId: unclear.id }, 'an unclear message could not be looked up, trying again');
    return lookLater(db, unclear, Math.max(1_000, graceMs), false);
  }
  const candidates = listed
    .filter((one) => one.direction === 'outbound' && one.body === unclear.body)
    .reverse();
  for (const one of candidates) {
    const explained = one.errorCode ? provider.explainError(one.errorCode).sentence : null;
    const found = {
      providerSid: one.providerSid,
      status: takenStatus(one.status),
      errorCode: one.errorCode,
      errorMessage: explained,
    };
    if (await adopt(db, unclear, found)) return;
  }
  // The request may still have been on its way when we looked; the second look decides.
  if (unclear.lookup < 2) return lookLater(db, unclear, graceMs * 2, true);
  await sendAgain(db, unclear);
};

/**
 * Looks up messages whose last attempt is unclear: adopts the provider's message that is surely theirs (same pair, same text, made
 * since the attempt, claimed by nobody), or queues them again when two looks found none.
 * @returns how many were looked at.
 */
export const resolveUnclear = async (parts: Parts): Promise<number> => {
  const due = await claimUnclear(parts.db, 50, parts.leaseSeconds);
  // One at a time: two unclear texts of the same words must not adopt the same message.
  for (const unclear of due) await resolveOne(parts, unclear);
  return due.length;
};
