import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Asked = { role: 'system' | 'user' | 'assistant'; content: string }[];

/** An OpenAI-compatible server whose answers the test writes. */
export const openModel = async (answer: (asked: Asked) => string | Promise<string>) => {
  const asked: Asked[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    let raw = '';
    for await (const chunk of request) raw += chunk;
    const { messages } = JSON.parse(raw) as { messages: Asked };
    asked.push(messages);
    const content = await answer(messages);
    response.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        id: 'x',
        object: 'chat.completion',
        created: 1,
        model: 'm',
        choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
      }),
    );
  };
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    /** What it was shown, call by call. */
    asked,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
};
export type TestModel = Awaited<ReturnType<typeof openModel>>;
