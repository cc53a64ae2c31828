import { clockSchema, resetSchema, simulatorSettingsSchema } from '@trunkline/contract/simulator';
import { z } from 'zod';
import { resetWorld } from '../world.ts';
import { type ControlAnswer, type ControlRequest, nothingHere, problem } from './answer.ts';

/** GET and PUT /simulator/settings; PUT changes what it names and answers all. */
export function settings({ world, method, body }: ControlRequest): ControlAnswer {
  if (method === 'PUT') {
    const named = z.record(z.string(), z.unknown()).parse(body);
    world.settings = simulatorSettingsSchema.parse({ ...world.settings, ...named });
  } else if (method !== 'GET') return nothingHere;
  return { status: 200, json: world.settings };
}

/** POST /simulator/reset. */
export function reset({ world, method, body }: ControlRequest): ControlAnswer {
  if (method !== 'POST') return nothingHere;
  resetWorld(world, resetSchema.parse(body).everything);
  return { status: 204 };
}

/** POST /simulator/clock moves the simulator's clock forward; GET tells it. */
export function clock({ world, method, body }: ControlRequest): ControlAnswer {
  if (method === 'POST') world.time.advance(clockSchema.parse(body).advanceMs);
  else if (method !== 'GET') return nothingHere;
  return { status: 200, json: { now: new Date(world.time.now()).toISOString() } };
}

/** GET /simulator/health. */
export function health({ world, method }: ControlRequest): ControlAnswer {
  if (method !== 'GET') return nothingHere;
  const json = { status: 'ok', accepted: world.ledger.count(), waiting: world.time.waiting() };
  return { status: 200, json };
}

/** PUT /simulator/services/{sid}: what Twilio's console alone can switch. */
export function services({ world, method, parts, body }: ControlRequest): ControlAnswer {
  const service = world.services.get(parts[1] ?? '');
  if (method !== 'PUT') return nothingHere;
  if (!service) return problem(404, 'not_found', 'There is no such Messaging Service.');
  service.advancedOptOut = z.strictObject({ advancedOptOut: z.boolean() }).parse(body).advancedOptOut;
  return { status: 200, json: { sid: service.sid, advancedOptOut: service.advancedOptOut } };
}
