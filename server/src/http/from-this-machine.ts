const loopbackAddress = /^(127\.|::1$|::ffff:127\.)/;
const loopbackHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * Whether a request was made on this machine and for this machine. The address alone doesn't tell: through a tunnel or proxy the whole
 * world comes from loopback, and a web page can name a host that resolves to it.
 */
export const fromThisMachine = (
  headers: { get(name: string): string | null },
  remoteAddress: string | undefined,
): boolean =>
  loopbackAddress.test(remoteAddress ?? '') &&
  loopbackHost.test(headers.get('host') ?? '') &&
  headers.get('forwarded') === null &&
  headers.get('x-forwarded-for') === null &&
  headers.get('x-forwarded-host') === null;
