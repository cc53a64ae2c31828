/** What an old client asks for. `number` and `name` are as they stood in the path, decoded. */
export type RelayPath =
  | { what: 'register' | 'unregister' | 'status' | 'health' | 'webhook' | 'duck send' }
  | { what: 'poll'; number: string }
  | { what: 'duck poll'; name: string };

const decode = (part: string): string | null => {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
};

const words = new Set(['register', 'unregister', 'duck', 'poll', 'webhook', 'status', 'health']);

/**
 * Reads a path of the relay; null: it is none. Doubled slashes count as one. Clients that were given `…/register` as the relay's
 * address put it before everything but the poll (`/register/register`, `/register/duck/poll/seven`), so there it is passed over.
 * A number may be written with `+` or `%2B`. The number of the webhook's path doesn't count: the form's `To` does.
 */
export const readPath = (pathname: string): RelayPath | null => {
  const parts = pathname.split('/').filter(Boolean);
  while (parts.length > 1 && parts[0] === 'register' && words.has(parts[1]!)) parts.shift();
  const [first, second, third] = parts;
  if (parts.length === 1 && /^(register|unregister|status|health)$/.test(first!))
    return { what: first as 'register' };
  if (parts.length === 2 && first === 'poll') {
    const number = decode(second!);
    return number === null ? null : { what: 'poll', number };
  }
  if (first === 'webhook' && second === 'sms' && parts.length <= 3) return { what: 'webhook' };
  if (first === 'duck' && second === 'send' && parts.length === 2) return { what: 'duck send' };
  if (first === 'duck' && second === 'poll' && parts.length === 3) {
    const name = decode(third!);
    return name === null ? null : { what: 'duck poll', name };
  }
  return null;
};
