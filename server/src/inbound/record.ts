import { now } from '../base/clock.ts';
import type { Db } from '../base/db.ts';
import { gather } from '../base/gather.ts';
import { newId } from '../base/ids.ts';
import { countSegments } from '../base/segments.ts';
import type { Signals } from '../base/signals.ts';
import type { IncomingText } from '../providers/provider.ts';
import type { Conversations } from '../store/ensure-conversations.ts';
import type { OwnNumber } from '../store/numbers.ts';
import { type InboundRecord, recordInbound } from '../store/record-inbound.ts';
import type { Route } from './route.ts';
import type { Check } from './webhook.ts';

type Parts = { db: Db; conversations: Conversations; signals: Signals };

/** Writes a text with its checks and its route, once. */
export const createRecord = ({ db, conversations, signals }: Parts) => {
  const write = gather((batch: InboundRecord[]) => recordInbound(db, batch));

  /** Resolves once committed: true, or false when this sid was recorded before and nothing was written. */
  return async (text: IncomingText, number: OwnNumber, checks: Check[], route: Route): Promise<boolean> => {
    const { organizationId } = number;
    const { conversationId } = await conversations.of(organizationId, number.id, text.from);
    const { encoding, segments } = countSegments(text.body);
    const id = newId();
    const createdAt = now();
    const deviceIds = await write({
      organizationId,
      id,
      conversationId,
      numberId: number.id,
      providerSid: text.providerSid,
      from: text.from,
      to: text.to,
      body: text.body,
      mediaUrls: text.mediaUrls,
      mediaTypes: text.mediaTypes,
      segments: text.segments || segments,
      encoding,
      createdAt,
      detail: {
        checks,
        route: { responder: route.responder, summary: route.summary },
        provider: text.extra,
      },
      assistantId: route.assistantId,
      turnId: route.assistantId ? newId() : null,
      toDevices: route.responder === 'device',
    });
    if (deviceIds === null) return false;
    if (deviceIds.length > 0) signals.raise('device', deviceIds);
    if (text.mediaUrls.length > 0) signals.raise('media');
    if (route.assistantId) signals.raise('turn');
    signals.raise('event');
    return true;
  };
};
