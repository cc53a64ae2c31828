import { listRegistered, unregister } from '../../../store/relay-registry.ts';
import type { FindNumber } from './find-number.ts';
import type { Register } from './register.ts';
import type { RelayParts } from './relay-parts.ts';
import { refuse, say } from './say.ts';
import type { Asker } from './who-may.ts';

const longest = 100;
const filled = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const fits = (value: string) => value.length <= longest && !value.includes('\0');

/** POST /register, POST /unregister and GET /status. */
export const createRegistry = (
  { db, directory, onlineSeconds, openNumbers }: RelayParts,
  { findNumber, register }: { findNumber: FindNumber; register: Register },
) => ({
  async register(asker: Asker, body: Record<string, unknown>): Promise<Response> {
    const { twilio_number: number, name, ip } = body;
    if (!filled(number) || !filled(name) || !filled(ip)) return refuse(400, 'Missing required fields');
    if (!fits(name) || !fits(ip))
      return refuse(400, `name and ip have at most ${longest} characters, and none of them NUL.`);
    const asked = await findNumber(asker, number);
    if (!asked.phoneNumber.startsWith('+'))
      return refuse(400, 'twilio_number must be a phone number with its country code, as in +12025551234.');
    await register(asked, { name: name.trim(), ip: ip.trim() });
    return say(200, {
      status: 'registered',
      name: name.trim(),
      ip: ip.trim(),
      heartbeat_timeout: Math.max(1, Math.round(onlineSeconds / 60)),
    });
  },

  async unregister(asker: Asker, body: Record<string, unknown>): Promise<Response> {
    if (!filled(body.twilio_number)) return refuse(404, 'Not registered');
    const { known } = await findNumber(asker, body.twilio_number);
    const name = known && (await unregister(db, known));
    if (!name) return refuse(404, 'Not registered');
    directory.changed();
    return say(200, { status: 'unregistered', name });
  },

  async status(asker: Asker): Promise<Response> {
    const { organizationId } = (await directory.account(null))!;
    const rows = await listRegistered(
      db,
      organizationId,
      asker.kind === 'demo' ? null : openNumbers,
      onlineSeconds,
    );
    const registry = Object.fromEntries(
      rows.map((row) => [
        row.phoneNumber,
        {
          name: row.name,
          ip: row.ip,
          last_heartbeat: row.lastSeenAt,
          online: row.online,
          pending_messages: row.pending,
          pending_duck_messages: row.pendingDuck,
        },
      ]),
    );
    return say(200, { status: 'ok', registered_ducks: rows.length, registry });
  },
});
