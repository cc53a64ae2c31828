import type { Db } from '../base/db.ts';

/** A phone number of ours with what answers it. */
export type OwnNumber = {
  id: string;
  organizationId: string;
  providerAccountId: string;
  phoneNumber: string;
  messagingServiceSid: string | null;
  responder: 'assistant' | 'device' | 'inbox';
  assistantId: string | null;
  assistantName: string | null;
  /** The devices on it, whether or not they answer it. */
  devices: { id: string; name: string }[];
  createdAt: Date;
};

const select = `select n.id, n.organization_id as "organizationId", n.provider_account_id as "providerAccountId",
  n.phone_number as "phoneNumber", n.messaging_service_sid as "messagingServiceSid", n.responder,
  n.assistant_id as "assistantId", a.name as "assistantName", n.created_at as "createdAt",
  coalesce((select jsonb_agg(jsonb_build_object('id', d.id, 'name', d.name) order by d.name)
    from device_numbers dn join devices d on d.organization_id = dn.organization_id and d.id = dn.device_id
    where dn.organization_id = n.organization_id and dn.number_id = n.id), '[]') as devices
  from numbers n left join assistants a on a.organization_id = n.organization_id and a.id = n.assistant_id`;

/** The number that texts to `phoneNumber` of this account belong to. */
export const findNumber = async (
  db: Db,
  providerAccountId: string,
  phoneNumber: string,
): Promise<OwnNumber | null> =>
  (
    await db.query<OwnNumber>(`${select} where n.provider_account_id = $1 and n.phone_number = $2`, [
      providerAccountId,
      phoneNumber,
    ])
  )[0] ?? null;

/** A number of an organization by id. */
export const numberById = async (db: Db, organizationId: string, id: string): Promise<OwnNumber | null> =>
  (
    await db.query<OwnNumber>(`${select} where n.organization_id = $1 and n.id = $2`, [organizationId, id])
  )[0] ?? null;

/** All numbers of an organization, the oldest first. */
export const listNumbers = (db: Db, organizationId: string): Promise<OwnNumber[]> =>
  db.query<OwnNumber>(`${select} where n.organization_id = $1 order by n.created_at, n.id`, [organizationId]);

/** Says what answers a number from now on. Returns false when there is no such number or assistant in the organization. */
export const changeResponder = async (
  db: Db,
  organizationId: string,
  id: string,
  responder: { kind: 'assistant'; assistantId: string } | { kind: 'device' } | { kind: 'inbox' },
): Promise<boolean> => {
  const assistantId = responder.kind === 'assistant' ? responder.assistantId : null;
  const rows = await db.query(
    `update numbers set responder = $3, assistant_id = $4 where organization_id = $1 and id = $2
       and ($4::uuid is null or exists (select 1 from assistants where organization_id = $1 and id = $4)) returning id`,
    [organizationId, id, responder.kind, assistantId],
  );
  return rows.length > 0;
};

/** Adds a number. Throws the driver's unique violation (23505) when the account has it already. */
export const addNumber = async (
  db: Db,
  number: {
    id: string;
    organizationId: string;
    providerAccountId: string;
    phoneNumber: string;
    messagingServiceSid: string | null;
    assistantId: string | null;
  },
): Promise<void> => {
  await db.query(
    `insert into numbers (organization_id, id, provider_account_id, phone_number, messaging_service_sid, responder, assistant_id)
     values ($1, $2, $3, $4, $5, case when $6::uuid is null then 'inbox' else 'assistant' end, $6)`,
    [
      number.organizationId,
      number.id,
      number.providerAccountId,
      number.phoneNumber,
      number.messagingServiceSid,
      number.assistantId,
    ],
  );
};
