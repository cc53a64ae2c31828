import type { Db } from '../base/db.ts';
import type { Log } from '../base/log.ts';
import type { Signals } from '../base/signals.ts';
import type { TakeReceipt } from '../outbound/take-receipt.ts';
import type { IncomingText, Provider } from '../providers/provider.ts';
import type { Directory } from '../store/directory.ts';
import type { Conversations } from '../store/ensure-conversations.ts';
import { type Quarantined, type QuarantineReason, quarantine } from '../store/quarantine.ts';
import { createRecord } from './record.ts';
import { route } from './route.ts';
import { screen } from './screen.ts';
import { verify } from './verify.ts';
import type { Answer, Check, Webhook } from './webhook.ts';

type Parts = {
  db: Db;
  directory: Directory;
  conversations: Conversations;
  signals: Signals;
  provider: Provider;
  takeReceipt: TakeReceipt;
  log: Log;
  publicUrl: string;
  demo: boolean;
  /** Told of each webhook, for the metrics. */
  onWebhook?: (kind: Webhook['kind'], result: string) => void;
};

/** The way in: verify → screen → record → route, and the acknowledgement only after the commit. */
export const createReceive = (parts: Parts) => {
  const { db, directory, provider, takeReceipt, log } = parts;
  const record = createRecord(parts);

  const keep = async (webhook: Webhook, reason: QuarantineReason, detail: string): Promise<void> => {
    const kept: Omit<Quarantined, 'id' | 'receivedAt' | 'replayedAt'> = {
      organizationId: webhook.account.organizationId,
      providerAccountId: webhook.account.id,
      kind: webhook.kind,
      reason,
      detail,
      url: webhook.target,
      signature: webhook.signature,
      rawBody: webhook.rawBody,
    };
    const room = await quarantine(db, kept);
    log.warn(
      { reason, kind: webhook.kind },
      room ? 'a webhook went into quarantine' : 'a webhook was refused and not kept: the quarantine is full',
    );
  };

  const takeText = async (webhook: Webhook, text: IncomingText, verified: Check): Promise<string> => {
    const number = await directory.number(webhook.account.id, text.to);
    if (!number) {
      await keep(
        webhook,
        'unknown_number',
        'The account has no such number here. Add the number, then replay this.',
      );
      return 'unknown_number';
    }
    const screened = screen(text);
    const fresh = await record(text, number, [verified, screened.check], route(number, screened.answer));
    return fresh ? 'recorded' : 'repeated';
  };

  const take = async (webhook: Webhook, check: Check): Promise<{ answer: Answer; result: string }> => {
    if (webhook.kind === 'inbound') {
      const parsed = provider.parseIncoming(webhook.params);
      if (!parsed.ok) return { answer: { kind: 'refused', detail: parsed.problem }, result: 'refused' };
      return { answer: { kind: 'taken' }, result: await takeText(webhook, parsed.text, check) };
    }
    const query = new URLSearchParams(webhook.target.split('?')[1] ?? '');
    const parsed = provider.parseReceipt(webhook.params, query);
    if (!parsed.ok) return { answer: { kind: 'refused', detail: parsed.problem }, result: 'refused' };
    if (await takeReceipt(webhook.account.organizationId, parsed.receipt))
      return { answer: { kind: 'taken' }, result: 'recorded' };
    await keep(webhook, 'unknown_message', 'No message here has this sid.');
    return { answer: { kind: 'taken' }, result: 'unknown_message' };
  };

  return {
    /** Takes one webhook. Resolves when its effect is committed; rejects when it could not be, and then the provider must retry. */
    async receive(webhook: Webhook): Promise<Answer> {
      const done = (result: string, answer: Answer) => {
        parts.onWebhook?.(webhook.kind, result);
        return answer;
      };
      const verified = verify(provider, webhook, parts);
      if (!verified.ok) {
        const { reason, detail } = verified.verification;
        // Rubbish that no provider would send isn't worth keeping: only what reads like a webhook can be replayed.
        const readable =
          webhook.kind === 'inbound'
            ? provider.parseIncoming(webhook.params).ok
            : provider.parseReceipt(webhook.params, new URLSearchParams()).ok;
        if (readable) await keep(webhook, reason, detail);
        return done(reason, { kind: 'forbidden' });
      }
      const { answer, result } = await take(webhook, verified.check);
      return done(result, answer);
    },

    /** Takes a quarantined webhook again: its signature is checked anew, with the settings as they are now. */
    async replay(kept: Quarantined): Promise<{ ok: boolean; detail: string }> {
      const account = await directory.accountById(kept.providerAccountId);
      if (!account) return { ok: false, detail: 'Its provider account is gone.' };
      const webhook: Webhook = {
        kind: kept.kind,
        account,
        target: kept.url,
        seenUrl: parts.publicUrl + kept.url,
        rawBody: kept.rawBody,
        params: new URLSearchParams(kept.rawBody),
        contentType: 'application/x-www-form-urlencoded',
        signature: kept.signature,
        fromThisMachine: false,
      };
      // One let in unsigned by demo mode and kept for another reason has no signature to check.
      const trusted = kept.reason === 'unknown_number' || kept.reason === 'unknown_message';
      const verified = trusted
        ? {
            ok: true as const,
            check: { name: 'verified', summary: 'Verified when it came; replayed from quarantine.' },
          }
        : verify(provider, webhook, parts);
      if (!verified.ok)
        return { ok: false, detail: `Its signature is still wrong. ${verified.verification.detail}` };
      const { answer, result } = await take(webhook, {
        ...verified.check,
        summary: trusted ? verified.check.summary : `${verified.check.summary} Replayed from quarantine.`,
      });
      if (answer.kind === 'refused') return { ok: false, detail: answer.detail };
      if (result === 'unknown_number') return { ok: false, detail: 'The number is still unknown.' };
      if (result === 'unknown_message') return { ok: false, detail: 'The message is still unknown.' };
      return {
        ok: true,
        detail: result === 'repeated' ? 'It had been recorded already.' : 'Recorded.',
      };
    },
  };
};
export type Receive = ReturnType<typeof createReceive>;
