import { columns, json } from '../../base/columns.ts';
import type { Db } from '../../base/db.ts';

/** A text for a device that comes from no message: another device wrote it. */
export type TextForDevice = {
  organizationId: string;
  deviceId: string;
  id: string;
  /** The names of the two devices. */
  from: string;
  to: string;
  body: string;
  mediaUrls: string[];
};

const sql = `
insert into device_texts (organization_id, device_id, id, from_address, to_address, body, media_urls)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::jsonb[])`;

/**
 * Puts texts into the queues of devices. (Those of messages are written with the message itself: see record-inbound.ts.) Raise the
 * signal `device` about them once it is committed.
 */
export const writeTexts = async (db: Db, texts: TextForDevice[]): Promise<void> => {
  const rows = texts.map((text) => ({
    ...text,
    mediaUrls: text.mediaUrls.length > 0 ? json(text.mediaUrls) : null,
  }));
  const values = columns(rows, 'organizationId', 'deviceId', 'id', 'from', 'to', 'body', 'mediaUrls');
  await db.query(sql, values, 'write-device-texts');
};
