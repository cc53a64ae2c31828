import type { Assistant } from '@trunkline/contract';
import type { Db } from '../base/db.ts';

type AssistantRow = { id: string; name: string; instructions: string; model: string; created_at: Date };
const present = ({ created_at, ...row }: AssistantRow): Assistant => ({
  ...row,
  createdAt: created_at.toISOString(),
});
const select = 'select id, name, instructions, model, created_at from assistants';

export const listAssistants = async (db: Db, organizationId: string): Promise<Assistant[]> =>
  (
    await db.query<AssistantRow>(`${select} where organization_id = $1 order by created_at, id`, [
      organizationId,
    ])
  ).map(present);

export const readAssistant = async (
  db: Db,
  organizationId: string,
  id: string,
): Promise<Assistant | null> => {
  const [row] = await db.query<AssistantRow>(`${select} where organization_id = $1 and id = $2`, [
    organizationId,
    id,
  ]);
  return row ? present(row) : null;
};

/** Changes what is given. Returns the assistant as it is now, null when the organization has none by that id. */
export const changeAssistant = async (
  db: Db,
  organizationId: string,
  id: string,
  change: { name?: string | undefined; instructions?: string | undefined; model?: string | undefined },
): Promise<Assistant | null> => {
  const [row] = await db.query<AssistantRow>(
    `update assistants set name = coalesce($3, name), instructions = coalesce($4, instructions), model = coalesce($5, model)
     where organization_id = $1 and id = $2 returning id, name, instructions, model, created_at`,
    [organizationId, id, change.name ?? null, change.instructions ?? null, change.model ?? null],
  );
  return row ? present(row) : null;
};

export const addAssistant = async (
  db: Db,
  assistant: { organizationId: string; id: string; name: string; instructions: string; model: string },
): Promise<void> => {
  await db.query(
    'insert into assistants (organization_id, id, name, instructions, model) values ($1, $2, $3, $4, $5)',
    [assistant.organizationId, assistant.id, assistant.name, assistant.instructions, assistant.model],
  );
};
