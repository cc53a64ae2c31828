import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Hono } from 'hono';

const dist = fileURLToPath(new URL('../../../console/dist/', import.meta.url));

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

const policy = (simulatorUrl: string | null) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${simulatorUrl ? ` ${simulatorUrl}` : ''}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

/** Serves the built console: files by their path, and the app itself for every other address a browser asks for. */
export const mountConsole = (app: Hono, simulatorUrl: string | null): void => {
  const security = {
    'content-security-policy': policy(simulatorUrl),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  };
  const file = async (relative: string) => {
    const absolute = path.join(dist, relative);
    if (!absolute.startsWith(dist)) return null;
    const found = await stat(absolute).catch(() => null);
    return found?.isFile() ? readFile(absolute) : null;
  };

  app.get('*', async (c, next) => {
    let relative: string;
    try {
      relative = decodeURIComponent(c.req.path.slice(1));
    } catch {
      return next();
    }
    if (relative.includes('\0')) return next();
    const wanted = relative === '' ? null : await file(relative);
    if (wanted)
      return c.body(new Uint8Array(wanted), 200, {
        ...security,
        'content-type': types[path.extname(relative)] ?? 'application/octet-stream',
        // Built files carry a hash of their content in the name.
        'cache-control': relative.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      });
    const page = path.extname(relative) === '' && (c.req.header('accept') ?? '').includes('text/html');
    if (!page) return next();
    const index = await file('index.html');
    if (!index)
      return c.text('The console is not built: run `npm run build`, or start with `npm start`.', 503);
    return c.body(new Uint8Array(index), 200, {
      ...security,
      'content-type': types['.html']!,
      'cache-control': 'no-cache',
    });
  });
};
