const loopback = ['localhost', '127.0.0.1', '[::1]'];

/** The origins our console is served from: that of the public address, on loopback under each of its names, and those given. */
export const ownOrigins = (publicUrl: string, trusted: string[] = []): string[] => {
  const { protocol, hostname, port, origin } = new URL(publicUrl);
  const aliases = loopback.includes(hostname)
    ? loopback.map((name) => `${protocol}//${name}${port === '' ? '' : `:${port}`}`)
    : [];
  return [...new Set([origin, ...aliases, ...trusted.map((url) => new URL(url).origin)])];
};

/** What `identify` reads of a request; Fetch's Request is one. */
export type Incoming = { method: string; headers: { get(name: string): string | null } };

/**
 * Whether a request that carries a cookie was made by our own pages. Browsers set both headers themselves, a foreign page cannot;
 * a request with neither is refused too.
 */
export const fromOwnPage = ({ headers }: Incoming, origins: string[]): boolean => {
  if (headers.get('sec-fetch-site') === 'same-origin') return true;
  const origin = headers.get('origin');
  return origin !== null && origins.includes(origin);
};
