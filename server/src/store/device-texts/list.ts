import type { Page } from '@trunkline/contract';
import type { DeviceQueueEntry } from '@trunkline/contract/device';
import type { Db } from '../../base/db.ts';

type Row = Omit<DeviceQueueEntry, 'createdAt' | 'takenAt'> & { createdAt: Date; takenAt: Date | null };

const columnsOf = `id, message_id as "messageId", from_address as "from", body, status, attempts, reason,
  created_at as "createdAt", taken_at as "takenAt"`;

const present = (row: Row): DeviceQueueEntry => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  takenAt: row.takenAt?.toISOString() ?? null,
});

/** A page of a device's texts, the newest first, of one status or of all. */
export const listDeviceTexts = async (
  db: Db,
  organizationId: string,
  deviceId: string,
  filter: { status?: DeviceQueueEntry['status'] | undefined },
  page: { limit: number; cursor?: string | undefined },
): Promise<Page<DeviceQueueEntry>> => {
  const rows = await db.query<Row>(
    `select ${columnsOf} from device_texts
     where organization_id = $1 and device_id = $2 and ($3::text is null or status = $3) and ($4::uuid is null or id < $4)
     order by id desc limit $5`,
    [organizationId, deviceId, filter.status ?? null, page.cursor ?? null, page.limit + 1],
  );
  const shown = rows.slice(0, page.limit);
  return { data: shown.map(present), nextCursor: rows.length > page.limit ? shown.at(-1)!.id : null };
};

/** A text of a device by id: where it came from, for an answer to it. */
export const deviceText = async (
  db: Db,
  organizationId: string,
  deviceId: string,
  id: string,
): Promise<{ conversationId: string | null; numberId: string | null; from: string } | null> =>
  (
    await db.query<{ conversationId: string | null; numberId: string | null; from: string }>(
      `select conversation_id as "conversationId", number_id as "numberId", from_address as "from" from device_texts
       where organization_id = $1 and device_id = $2 and id = $3`,
      [organizationId, deviceId, id],
    )
  )[0] ?? null;
