import type { Database } from '../../src/base/db.ts';

const ranks: Record<string, number> = {
  held: 0,
  queued: 10,
  sending: 20,
  unknown: 25,
  sent: 30,
  delivered: 40,
  undelivered: 40,
  failed: 40,
  expired: 40,
  canceled: 40,
  read: 50,
};

type Written = { messageId: string; type: string; status: string; again: boolean };

/**
 * Messages of ours whose status went back, with the statuses that their events tell. Only an attempt that was certainly not taken puts
 * a message into the queue again; nothing does once the provider has it.
 */
export const wentBack = async (db: Database): Promise<string[]> => {
  const events = await db.query<Written>(
    `select message_id as "messageId", type, status, coalesce(type = 'message.retrying' or data->>'taken' = 'false', false) as again
     from events where message_id is not null and status is not null and status <> 'received' order by seq`,
  );
  const told = new Map<string, Written[]>();
  for (const event of events) told.set(event.messageId, [...(told.get(event.messageId) ?? []), event]);
  const isBack = (one: Written, before: Written | undefined) =>
    before !== undefined &&
    ranks[one.status]! < ranks[before.status]! &&
    !(one.again && ranks[before.status]! < ranks.sent!);
  return [...told.values()]
    .filter((all) => all.some((one, i) => isBack(one, all[i - 1])))
    .map((all) => all.map((one) => `${one.type}=${one.status}`).join(' '));
};
