import type { Db } from '../base/db.ts';
import { gather } from '../base/gather.ts';
import type { Signals } from '../base/signals.ts';
import type { Provider, Receipt } from '../providers/provider.ts';
import { applyReceipts, type ReceiptToApply } from '../queue/apply-receipts.ts';
import { takenStatus } from './resolve.ts';

/** Takes delivery receipts, gathered. Resolves, once committed, to whether the message is one of ours. */
export const createTakeReceipt = (db: Db, provider: Provider, signals: Signals) => {
  const write = gather((batch: ReceiptToApply[]) => applyReceipts(db, batch));
  return async (organizationId: string, receipt: Receipt): Promise<boolean> => {
    const found = await write({
      organizationId,
      messageId: receipt.messageId,
      providerSid: receipt.providerSid,
      status: receipt.status === 'unknown' ? null : takenStatus(receipt.status),
      rawStatus: receipt.rawStatus,
      errorCode: receipt.errorCode,
      errorMessage: receipt.errorCode
        ? provider.explainError(receipt.errorCode).sentence
        : receipt.errorMessage,
    });
    // Whatever waits behind this message in its conversation may go now.
    signals.raise('send');
    signals.raise('event');
    return found;
  };
};
export type TakeReceipt = ReturnType<typeof createTakeReceipt>;
