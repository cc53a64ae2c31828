import type { IncomingMessage, ServerResponse } from 'node:http';
import { ZodError } from 'zod';
import { readText, send } from '../http.ts';
import type { World } from '../world.ts';
import { accounts } from './accounts.ts';
import { type ControlAnswer, type ControlRequest, nothingHere, problem } from './answer.ts';
import { faults } from './faults.ts';
import { corsHeaders, refusal } from './guard.ts';
import { phones } from './phones.ts';
import { ledger, webhooks } from './records.ts';
import { clock, health, reset, services, settings } from './settings.ts';

const resources: Record<string, (request: ControlRequest) => ControlAnswer | Promise<ControlAnswer>> = {
  accounts,
  clock,
  faults,
  health,
  ledger,
  phones,
  reset,
  services,
  settings,
  webhooks,
};

/** Answers a request to the control API under /simulator. */
export async function serveControl(
  world: World,
  raw: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const refused = refusal(raw);
  if (refused) return write(response, problem(403, 'forbidden', refused), {});
  const cors = corsHeaders(raw);
  if (raw.method === 'OPTIONS') return send(response, 204, cors);
  for (const [name, value] of Object.entries(cors)) response.setHeader(name, value);
  write(response, await answer(world, raw, response), cors);
}

async function answer(world: World, raw: IncomingMessage, response: ServerResponse): Promise<ControlAnswer> {
  try {
    const [path = '', query = ''] = (raw.url ?? '').split('?', 2);
    const parts = path
      .split('/')
      .slice(2)
      .map((part) => decodeURIComponent(part));
    const text = raw.method === 'GET' ? '' : await readText(raw);
    if (text === null) return problem(413, 'too_large', 'The body is larger than 64 MB.');
    const body = text === '' ? {} : JSON.parse(text);
    const resource = resources[parts[0] ?? ''];
    if (!resource) return nothingHere;
    const method = raw.method ?? 'GET';
    const request = { world, method, parts, query: new URLSearchParams(query), body, raw, response };
    return await resource(request);
  } catch (thrown) {
    if (thrown instanceof ZodError) {
      const issue = thrown.issues[0];
      return problem(400, 'invalid', `${issue?.path.join('.') || 'body'}: ${issue?.message}`);
    }
    if (thrown instanceof SyntaxError) return problem(400, 'invalid', 'The body is not JSON.');
    if (thrown instanceof URIError) return nothingHere;
    throw thrown;
  }
}

function write(response: ServerResponse, answered: ControlAnswer, cors: Record<string, string>) {
  if (answered === null || response.destroyed) return;
  const body = answered.json === undefined ? '' : JSON.stringify(answered.json);
  const type = answered.status >= 400 ? 'application/problem+json' : 'application/json';
  send(response, answered.status, { ...cors, 'content-type': type }, body);
}
