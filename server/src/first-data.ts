import type { Config } from './base/config.ts';
import type { Database } from './base/db.ts';
import { newId } from './base/ids.ts';
import type { Credentials } from './providers/provider.ts';
import { addAssistant, listAssistants } from './store/assistants.ts';
import { addNumber, changeResponder } from './store/numbers.ts';

/** The demo's numbers when TWILIO_PHONE_NUMBER doesn't name the first one. */
export const demoNumbers = { assistant: '+15550100100', inbox: '+15550100101' };

const instructions = `You are the assistant of a small company that shows Trunkline.
Opening hours: Monday to Friday 9:00 to 17:00.
Be friendly and brief.`;

/**
 * Makes what the settings describe, where it isn't there yet: the first organization, its provider account, an assistant, and the
 * numbers. Run at every start; what people changed since is left alone.
 */
export const ensureFirstData = async (
  db: Database,
  config: Config,
  credentials: Credentials,
  defaultModel: string,
): Promise<void> => {
  await db.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtext('trunkline first data'))`);
    const [account] = await tx.query<{ id: string; organizationId: string }>(
      'select id, organization_id as "organizationId" from provider_accounts where webhook_key is null',
    );
    const organizationId = account?.organizationId ?? newId();
    const accountId = account?.id ?? newId();
    if (!account) {
      await tx.query('insert into organizations (id, name, slug) values ($1, $2, $3)', [
        organizationId,
        config.demo ? 'Demo' : 'My organization',
        'main',
      ]);
      await tx.query(
        `insert into provider_accounts (id, organization_id, provider, account_sid) values ($1, $2, 'twilio', $3)`,
        [accountId, organizationId, credentials.accountSid],
      );
    } else
      await tx.query('update provider_accounts set account_sid = $2 where id = $1', [
        accountId,
        credentials.accountSid,
      ]);

    let assistantId = (await listAssistants(tx, organizationId))[0]?.id;
    if (!assistantId) {
      assistantId = newId();
      await addAssistant(tx, {
        organizationId,
        id: assistantId,
        name: 'Trudy',
        instructions,
        model: defaultModel,
      });
    }

    // A configured model or the demo answers the first number; without either, people do.
    const answered = config.demo || defaultModel !== 'demo' ? assistantId : null;
    const wanted: { phoneNumber: string; assistantId: string | null; device?: true }[] = [];
    if (config.TWILIO_PHONE_NUMBER)
      wanted.push({ phoneNumber: config.TWILIO_PHONE_NUMBER, assistantId: answered });
    else if (config.demo) wanted.push({ phoneNumber: demoNumbers.assistant, assistantId: answered });
    if (config.demo) wanted.push({ phoneNumber: demoNumbers.inbox, assistantId: null });
    // Their devices were registered at another relay, and won't do it again here.
    for (const phoneNumber of config.RELAY_OPEN_NUMBERS)
      if (!wanted.some((number) => number.phoneNumber === phoneNumber))
        wanted.push({ phoneNumber, assistantId: null, device: true });
    const existing = await tx.query<{ phone: string }>(
      'select phone_number as phone from numbers where provider_account_id = $1',
      [accountId],
    );
    const have = new Set(existing.map((row) => row.phone));
    for (const number of wanted)
      if (!have.has(number.phoneNumber)) {
        const id = newId();
        await addNumber(tx, {
          phoneNumber: number.phoneNumber,
          assistantId: number.assistantId,
          id,
          organizationId,
          providerAccountId: accountId,
          messagingServiceSid: config.TWILIO_MESSAGING_SERVICE_SID,
        });
        if (number.device) await changeResponder(tx, organizationId, id, { kind: 'device' });
      }
  });
};
