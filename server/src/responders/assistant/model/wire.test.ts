import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { answer } from './answer.ts';
import { ModelFailed } from './model-failed.ts';
import { createModels } from './models.ts';
import type { PastText } from './recent-history.ts';

type Asked = {
  method: string;
  path: string;
  headers: http.IncomingHttpHeaders;
  body: Record<string, unknown>;
};
type Reply =
  | { status?: number; body?: unknown; raw?: string; headers?: Record<string, string> }
  | 'never'
  | 'hang up'
  | 'half';

const key = 'sk-secret-key-1234567890';
const secretText = 'the word is xyzzy';
const secretInstructions = 'Never reveal plugh.';

let reply: Reply = 'never';
let asked: Asked[] = [];
let closed = Promise.withResolvers<void>();

const serve = async (request: http.IncomingMessage, response: http.ServerResponse) => {
  let raw = '';
  for await (const chunk of request) raw += chunk;
  const { method = '', url = '', headers } = request;
  asked.push({ method, path: url, headers, body: JSON.parse(raw) });
  response.on('close', () => closed.resolve());
  if (reply === 'never') return;
  if (reply === 'hang up') return void request.socket.destroy();
  if (reply === 'half') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' }).write('{"id":');
    return void setImmediate(() => request.socket.destroy());
  }
  response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
  response.end(reply.raw ?? JSON.stringify(reply.body));
};

const listen = async (): Promise<http.Server> => {
  const server = http.createServer(serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
};
const address = (server: http.Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const stop = (server: http.Server) => {
  server.close();
  server.closeAllConnections();
};

let server: http.Server;
let base = '';
beforeAll(async () => {
  server = await listen();
  base = address(server);
});
afterAll(() => stop(server));
afterEach(() => {
  asked = [];
  closed = Promise.withResolvers();
});

const models = (base: string) =>
  createModels(
    { openaiApiKey: key, anthropicApiKey: key, llmBaseUrl: `${base}/compatible/v1/`, llmModel: 'llama-4' },
    { openaiBaseUrl: `${base}/openai/v1`, anthropicBaseUrl: `${base}/anthropic/v1` },
  );

const history: PastText[] = [
  { role: 'user', text: 'Hi' },
  { role: 'user', text: secretText, mediaCount: 1 },
  { role: 'assistant', text: 'Noted.' },
  { role: 'user', text: 'Are you open?' },
];

const ask = (model: string, { signal = new AbortController().signal, timeoutMs = 5_000, at = base } = {}) =>
  answer({ model: models(at).find(model), instructions: secretInstructions, history, signal, timeoutMs });

const fails = async (work: Promise<unknown>): Promise<ModelFailed> => {
  const error = await work.then(
    () => new Error('answered'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ModelFailed);
  const failure = error as ModelFailed;
  const all = JSON.stringify([
    failure.message,
    failure.stack,
    Object.entries(failure),
    String(failure.cause),
  ]);
  for (const secret of [key, 'xyzzy', 'plugh', 'leaked body']) expect(all).not.toContain(secret);
  expect(failure.cause).toBeUndefined();
  return failure;
};

const openaiSays = (text: string) => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1_790_000_000,
  status: 'completed',
  error: null,
  incomplete_details: null,
  model: 'gpt-6-luna',
  output: [
    {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text, annotations: [] }],
    },
  ],
  usage: {
    input_tokens: 10,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 5,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 15,
  },
});
const anthropicSays = (text: string) => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-5-5',
  content: [{ type: 'text', text }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 10, output_tokens: 5 },
});
const compatibleSays = (text: string) => ({
  id: 'c_1',
  object: 'chat.completion',
  created: 1_790_000_000,
  model: 'llama-4',
  choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
});

const providers = [
  { model: 'openai/gpt-6-luna', says: openaiSays },
  { model: 'anthropic/claude-haiku-5-5', says: anthropicSays },
  { model: 'compatible/llama-4', says: compatibleSays },
];

describe('what goes over the wire', () => {
  test('OpenAI: the responses endpoint, nothing kept there', async () => {
    reply = { body: openaiSays('**Yes**, until [8](https://x.org/h).\n') };
    expect(await ask('openai/gpt-6-luna')).toBe('Yes, until 8 (https://x.org/h).');
    expect(asked).toHaveLength(1);
    const { method, path, headers, body } = asked[0]!;
    expect([method, path, headers.authorization]).toEqual(['POST', '/openai/v1/responses', `Bearer ${key}`]);
    expect(body).toMatchObject({
      model: 'gpt-6-luna',
      store: false,
      reasoning: { effort: 'low' },
      max_output_tokens: 4000,
    });
    const [system, ...rest] = body.input as { role: string; content: unknown }[];
    expect(system!.role).toBe('developer');
    expect(system!.content).toMatch(
      /SMS[\s\S]*no markdown[\s\S]*Never claim to be human[\s\S]*Never reveal plugh\.$/,
    );
    expect(rest).toEqual([
      { role: 'user', content: [{ type: 'input_text', text: `Hi\n${secretText}\n[sent 1 picture]` }] },
      { role: 'assistant', content: 'Noted.' },
      { role: 'user', content: [{ type: 'input_text', text: 'Are you open?' }] },
    ]);
  });

  test('Anthropic: the messages endpoint', async () => {
    reply = { body: anthropicSays('Yes.') };
    expect(await ask('anthropic/claude-haiku-5-5')).toBe('Yes.');
    expect(asked).toHaveLength(1);
    const { method, path, headers, body } = asked[0]!;
    expect([method, path, headers['x-api-key']]).toEqual(['POST', '/anthropic/v1/messages', key]);
    expect(headers['anthropic-version']).toBe('2023-06-01');
    expect(body).toMatchObject({
      model: 'claude-haiku-5-5',
      max_tokens: 4000,
      output_config: { effort: 'low' },
    });
    expect((body.system as { text: string }[])[0]!.text).toMatch(/SMS[\s\S]*Never reveal plugh\.$/);
    expect(body.messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: `Hi\n${secretText}\n[sent 1 picture]` }] },
      { role: 'assistant', content: [{ type: 'text', text: 'Noted.' }] },
      { role: 'user', content: [{ type: 'text', text: 'Are you open?' }] },
    ]);
  });

  test('a compatible server: chat completions', async () => {
    reply = { body: compatibleSays('Yes.') };
    expect(await ask('compatible/llama-4')).toBe('Yes.');
    expect(asked).toHaveLength(1);
    const { method, path, headers, body } = asked[0]!;
    expect([method, path]).toEqual(['POST', '/compatible/v1/chat/completions']);
    expect(headers.authorization).toBe(`Bearer ${key}`);
    expect(Object.keys(body).sort()).toEqual(['max_tokens', 'messages', 'model']);
    expect(body).toMatchObject({
      model: 'llama-4',
      messages: [
        { role: 'system', content: expect.stringContaining(secretInstructions) },
        { role: 'user', content: `Hi\n${secretText}\n[sent 1 picture]` },
        { role: 'assistant', content: 'Noted.' },
        { role: 'user', content: 'Are you open?' },
      ],
    });
  });

  test('a compatible server without a key gets none, also not from the environment', async () => {
    reply = { body: compatibleSays('Yes.') };
    process.env.OPENAI_API_KEY = key;
    try {
      const { find, defaultModel } = createModels({
        openaiApiKey: null,
        anthropicApiKey: null,
        llmBaseUrl: `${base}/v1`,
        llmModel: 'openai/gpt-oss-20b',
      });
      const signal = new AbortController().signal;
      await answer({ model: find(defaultModel), instructions: '', history, signal, timeoutMs: 5_000 });
    } finally {
      delete process.env.OPENAI_API_KEY;
    }
    expect(asked[0]!.headers.authorization).toBeUndefined();
    expect(asked[0]!.body.model).toBe('openai/gpt-oss-20b');
  });
});

describe.each(providers)('$model when it fails', ({ model, says }) => {
  const error = (message: string, extra = {}) => ({
    type: 'error',
    error: { type: 'error', message, ...extra },
  });

  test.each([
    [{ status: 500, body: error('leaked body') }, true, 'The model is out of order (500).'],
    [{ status: 503, raw: '<html>leaked body</html>' }, true, 'The model is out of order (503).'],
    [{ status: 529, body: error('leaked body') }, true, 'The model is out of order (529).'],
    [
      { status: 429, body: error('leaked body'), headers: { 'retry-after': '30' } },
      true,
      'The model is asked too often (429).',
    ],
    [{ status: 401, body: error(`leaked body ${key}`) }, false, 'The model refused the API key (401).'],
    [{ status: 403, body: error('leaked body') }, false, 'The model refused the API key (403).'],
    [{ status: 404, body: error('leaked body') }, false, 'The model or its address does not exist (404).'],
    [{ status: 400, body: error('leaked body') }, false, 'The model refused the request (400).'],
    [{ raw: '{"leaked body": tru' }, true, 'The model sent an answer that could not be read.'],
    [{ body: says(' \n ') }, true, 'The model sent an empty answer.'],
    ['hang up', true, 'The model could not be reached.'],
    ['half', true, 'The model sent an answer that could not be read.'],
  ] as [Reply, boolean, string][])('%j', async (given, retryable, message) => {
    reply = given;
    const failure = await fails(ask(model));
    expect([failure.message, failure.retryable]).toEqual([message, retryable]);
    expect(asked).toHaveLength(1);
  });

  test('JSON of another shape', async () => {
    reply = { body: { leaked: 'leaked body' } };
    expect((await fails(ask(model))).retryable).toBe(true);
  });

  test('slow: gives up in time, and hangs up on it', async () => {
    reply = 'never';
    const started = performance.now();
    const failure = await fails(ask(model, { timeoutMs: 100 }));
    expect([failure.message, failure.retryable]).toEqual(['The model took longer than 100 ms.', true]);
    expect(performance.now() - started).toBeLessThan(3_000);
    await closed.promise;
  });

  test('stopped from outside: hangs up on it', async () => {
    reply = 'never';
    const stopping = new AbortController();
    const failing = fails(ask(model, { signal: stopping.signal }));
    await expect.poll(() => asked.length, { timeout: 3_000, interval: 5 }).toBe(1);
    stopping.abort(new Error('leaked body'));
    const failure = await failing;
    expect([failure.message, failure.retryable]).toEqual(['The turn was stopped.', true]);
    await closed.promise;
  });
});

test('an account without credit is not asked again', async () => {
  reply = {
    status: 429,
    body: { error: { message: 'leaked body', type: 'insufficient_quota', code: 'insufficient_quota' } },
  };
  const failure = await fails(ask('openai/gpt-6-luna'));
  expect([failure.message, failure.retryable]).toEqual([
    "The model's account has no credit left (429).",
    false,
  ]);
});

test('a server that is not there can be asked again', async () => {
  const gone = net.createServer().listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const { port } = gone.address() as AddressInfo;
  gone.close();
  await once(gone, 'close');
  const { find } = createModels(
    { openaiApiKey: key, anthropicApiKey: null, llmBaseUrl: null, llmModel: null },
    { openaiBaseUrl: `http://127.0.0.1:${port}/v1` },
  );
  const signal = new AbortController().signal;
  const failure = await fails(
    answer({ model: find('openai/gpt-6-luna'), instructions: '', history, signal, timeoutMs: 5_000 }),
  );
  expect([failure.message, failure.retryable]).toEqual(['The model could not be reached.', true]);
});

describe('nobody else hears of it', () => {
  test.each([...providers, { model: 'demo', says: openaiSays }])(
    '$model: no other connection, no telemetry, no warning',
    async ({ model, says }) => {
      const targets: string[] = [];
      const heard: unknown[] = [];
      const connect = net.Socket.prototype.connect;
      // Every TCP connection of the process passes here, the ones of fetch too.
      net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]) {
        targets.push(JSON.stringify(args));
        return Reflect.apply(connect, this, args) as net.Socket;
      } as typeof connect;
      const listening = () => void heard.push('telemetry');
      globalThis.AI_SDK_TELEMETRY_INTEGRATIONS = [
        { onStart: listening, onEnd: listening, onError: listening },
      ];
      const warn = (warning: Error) => void heard.push(warning.message);
      process.on('warning', warn);
      // A server of its own, so that no kept-alive connection hides one.
      const fresh = await listen();
      const { port } = fresh.address() as AddressInfo;
      try {
        reply = { body: says('Yes.') };
        await ask(model, { at: address(fresh) });
        await new Promise(setImmediate);
      } finally {
        net.Socket.prototype.connect = connect;
        globalThis.AI_SDK_TELEMETRY_INTEGRATIONS = undefined;
        process.off('warning', warn);
        stop(fresh);
      }
      expect(heard).toEqual([]);
      expect(asked).toHaveLength(model === 'demo' ? 0 : 1);
      expect(targets).toHaveLength(model === 'demo' ? 0 : 1);
      for (const target of targets)
        expect(target).toMatch(new RegExp(`127\\.0\\.0\\.1.*${port}|${port}.*127\\.0\\.0\\.1`));
    },
  );
});
