import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it came over the wire. */
export type WireRequestSeen = {
  method: string;
  path: string;
  authorization: string;
  params: URLSearchParams;
};
export type WireHandler = (request: WireRequestSeen, response: ServerResponse, raw: IncomingMessage) => void;

/** A bare HTTP server in Twilio's place, on a port of its own: `handle` answers (or doesn't) once a request is read whole. */
export async function createTwilioWire(handle: WireHandler) {
  const seen: WireRequestSeen[] = [];
  const server = createServer((raw, response) => {
    const chunks: Buffer[] = [];
    raw.on('data', (chunk: Buffer) => chunks.push(chunk));
    raw.on('end', () => {
      const request = {
        method: raw.method ?? '',
        path: raw.url ?? '',
        authorization: raw.headers.authorization ?? '',
        params: new URLSearchParams(Buffer.concat(chunks).toString('utf8')),
      };
      seen.push(request);
      handle(request, response, raw);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    server,
    seen,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An address of this machine where nothing listens. */
export async function unusedUrl(): Promise<string> {
  const wire = await createTwilioWire(() => undefined);
  await wire.close();
  return wire.url;
}

export function answerJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** The body of a message resource, with Twilio's types. */
export function messageResource(message: {
  sid: string;
  from?: string | null;
  to: string;
  body: string;
  status: string;
  createdAt: Date;
  errorCode?: number | null;
}) {
  const date = message.createdAt.toUTCString().replace('GMT', '+0000');
  return {
    sid: message.sid,
    from: message.from ?? null,
    to: message.to,
    body: message.body,
    status: message.status,
    direction: 'outbound-api',
    error_code: message.errorCode ?? null,
    num_segments: '1',
    num_media: '0',
    date_created: date,
    date_sent: null,
  };
}
