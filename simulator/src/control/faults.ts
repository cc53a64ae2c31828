import { faultSchema } from '@trunkline/contract/simulator';
import { type ControlAnswer, type ControlRequest, list, nothingHere, problem } from './answer.ts';

/** /simulator/faults: POST adds one, GET lists them with how often each applied, DELETE removes one or all. */
export function faults({ world, method, parts, body }: ControlRequest): ControlAnswer {
  const id = parts[1];
  if (method === 'GET' && id === undefined) {
    return list(world.faults.all().map(({ id, fault, used }) => ({ id, used, ...fault })));
  }
  if (method === 'POST' && id === undefined) {
    const added = world.faults.add(faultSchema.parse(body));
    if (typeof added === 'string') return problem(400, 'invalid', added);
    return { status: 201, json: { id: added.id, used: 0, ...added.fault } };
  }
  if (method !== 'DELETE') return nothingHere;
  if (id === undefined) world.faults.clear();
  else if (!world.faults.remove(id)) return problem(404, 'not_found', 'There is no such fault.');
  return { status: 204 };
}
