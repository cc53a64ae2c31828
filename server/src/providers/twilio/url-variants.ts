import { parse, stringify } from 'node:querystring';

/**
 * The ways an address may have been spelled when Twilio signed it: with and without its port (or its scheme's default one), as
 * written and as WHATWG normalizes it, with the query as written and re-encoded. The same set that Twilio's own library tries,
 * first the address itself. Made one by one, since the first nearly always is it.
 */
export function* urlVariants(url: string): Generator<string> {
  const tried = new Set<string>([url]);
  yield url;
  for (const make of [removePort, addPort]) yield* once(tried, make(url));
  const parsed = URL.parse(url);
  if (!parsed) return;
  const normalized = [removePort(parsed.href), addPort(parsed.href)];
  for (const variant of normalized) yield* once(tried, variant);
  for (const variant of normalized) yield* once(tried, withReencodedQuery(variant));
}

function* once(tried: Set<string>, url: string): Generator<string> {
  if (tried.has(url)) return;
  tried.add(url);
  yield url;
}

type Parts = { scheme: string; userInfo: string; host: string; port: string; rest: string };

/** Parts of an address with every character kept, which `URL` wouldn't. */
function split(url: string): Parts | null {
  const match = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)/i.exec(url);
  if (!match) return null;
  const [prefix, scheme = '', authority = ''] = match;
  const at = authority.lastIndexOf('@') + 1;
  const hostAndPort = authority.slice(at);
  // Only a colon after the bracket of an IPv6 address begins a port.
  const colon = hostAndPort.indexOf(':', hostAndPort.lastIndexOf(']') + 1);
  const hostEnd = colon < 0 ? hostAndPort.length : colon;
  return {
    scheme,
    userInfo: authority.slice(0, at),
    host: hostAndPort.slice(0, hostEnd),
    port: hostAndPort.slice(hostEnd),
    rest: url.slice(prefix.length),
  };
}

function removePort(url: string): string {
  const parts = split(url);
  return parts ? parts.scheme + parts.userInfo + parts.host + parts.rest : url;
}

function addPort(url: string): string {
  const parts = split(url);
  if (parts?.port !== '') return url;
  const port = parts.scheme.toLowerCase() === 'https://' ? ':443' : ':80';
  return parts.scheme + parts.userInfo + parts.host + port + parts.rest;
}

function withReencodedQuery(url: string): string {
  const question = url.indexOf('?');
  if (question < 0 || question === url.length - 1) return url;
  return `${url.slice(0, question)}?${stringify(parse(url.slice(question + 1)))}`;
}

/** The address as a person may see it: without credentials, query and fragment. */
export function showUrl(url: string): string {
  const parts = split(url);
  if (!parts) return 'an address that is no URL';
  return parts.scheme + parts.host + parts.port + parts.rest.replace(/[?#].*$/s, '');
}

/** Twilio cuts the fragment (its connection settings) off before it signs. */
export function withoutFragment(url: string): string {
  const hash = url.indexOf('#');
  return hash < 0 ? url : url.slice(0, hash);
}
