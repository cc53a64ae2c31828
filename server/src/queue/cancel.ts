import type { Db } from '../base/db.ts';

const sql = `
with canceled as (
  update messages set status = 'canceled', hold_reason = null
  where organization_id = $1 and id = $2 and status in ('held', 'queued')
  returning organization_id, conversation_id, id
), appended as (
  insert into events (organization_id, type, conversation_id, message_id, status, data)
  select organization_id, 'message.canceled', conversation_id, id, 'canceled', jsonb_build_object('by', $3::text) from canceled
)
select id from canceled`;

/** Cancels a message that is held or queued. Returns whether it was; one that is being sent or was sent is not. */
export const cancel = async (db: Db, organizationId: string, id: string, by: string): Promise<boolean> =>
  (await db.query(sql, [organizationId, id, by], 'cancel')).length > 0;
