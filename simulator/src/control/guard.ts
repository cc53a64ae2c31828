import type { IncomingMessage } from 'node:http';

const loopback = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * The control API has no credentials, so it answers this machine only: the Host must be a loopback name (or a page elsewhere
 * could reach it by pointing its own name here), and so must the Origin when a browser sends one. Returns why not, or null.
 */
export function refusal(request: IncomingMessage): string | null {
  if (!loopback.test(request.headers.host ?? '')) return 'The control API answers to loopback names only.';
  const { origin } = request.headers;
  if (origin !== undefined && !isLoopbackOrigin(origin))
    return 'Pages of other hosts may not use the control API.';
  return null;
}

function isLoopbackOrigin(origin: string): boolean {
  return URL.canParse(origin) && loopback.test(new URL(origin).host);
}

/** The CORS headers for a request that was not refused. */
export function corsHeaders(request: IncomingMessage): Record<string, string> {
  const { origin } = request.headers;
  if (origin === undefined) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, POST, PUT, DELETE',
    'access-control-allow-headers': 'content-type',
    vary: 'origin',
  };
}
