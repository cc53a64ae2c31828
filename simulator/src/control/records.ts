import { replaySchema } from '@trunkline/contract/simulator';
import { callOnce, inboundTarget } from '../webhooks/inbound.ts';
import { type ControlAnswer, type ControlRequest, list, nothingHere, problem } from './answer.ts';

const mostPerPage = 100_000;

/** GET /simulator/ledger: every message that was accepted, oldest first. */
export function ledger({ world, method, query }: ControlRequest): ControlAnswer {
  if (method !== 'GET') return nothingHere;
  const since = query.get('since');
  const sinceMs = since === null ? null : Date.parse(since);
  if (Number.isNaN(sinceMs)) return problem(400, 'invalid', 'since: not a time.');
  const { data, next } = world.ledger.read({
    from: query.get('from')?.replace(/^ /, '+') ?? null,
    to: query.get('to')?.replace(/^ /, '+') ?? null,
    accountSid: query.get('accountSid'),
    since: sinceMs,
    start: Number(query.get('cursor') ?? 0) || 0,
    limit: Math.min(Number(query.get('limit') ?? mostPerPage) || mostPerPage, mostPerPage),
  });
  return list(data, next === null ? null : String(next));
}

/** GET /simulator/webhooks: the attempts made, oldest first. POST /simulator/webhooks/replay sends inbound ones again. */
export function webhooks(request: ControlRequest): ControlAnswer | Promise<ControlAnswer> {
  const { world, method, parts, query } = request;
  if (parts[1] === 'replay' && method === 'POST') return replay(request);
  if (parts[1] !== undefined || method !== 'GET') return nothingHere;
  const sid = query.get('messageSid');
  const kind = query.get('kind');
  const wanted = world.webhooks
    .all()
    .filter((one) => (sid === null || one.messageSid === sid) && (kind === null || one.kind === kind));
  return list(query.has('limit') ? wanted.slice(-Number(query.get('limit'))) : wanted);
}

async function replay({ world, body }: ControlRequest): Promise<ControlAnswer> {
  const { messageSid, times, shuffle } = replaySchema.parse(body);
  const calls: (() => ReturnType<typeof callOnce>)[] = [];
  for (const sid of [messageSid].flat()) {
    const message = world.messages.find(sid);
    const number = message?.direction === 'inbound' ? world.numbers.byNumber(message.to) : undefined;
    if (!message || !number) return problem(404, 'not_found', 'There is no such inbound message.');
    const target = inboundTarget(number, world.services.holding(number.sid));
    if (target === null || target === 'dropped')
      return problem(409, 'no_webhook', 'Its number has no webhook.');
    for (let i = 0; i < times; i++) calls.push(() => callOnce(world, message, target));
  }
  if (!shuffle) {
    const results = [];
    for (const call of calls) results.push(await call());
    return list(results);
  }
  for (let i = calls.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [calls[i], calls[j]] = [calls[j]!, calls[i]!];
  }
  return list(await Promise.all(calls.map((call) => call())));
}
