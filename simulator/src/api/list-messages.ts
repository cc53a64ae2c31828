import { readNumber } from '../validity.ts';
import { messageJson } from './message-json.ts';
import { ok, type Reply, refuse } from './reply.ts';
import type { ApiRequest } from './request.ts';

/** GET Messages: newest first, by recipient, sender and sent date, a page at a time. */
export function listMessages({ world, account, query, path }: ApiRequest): Reply {
  const size = Math.min(Math.max(Number(query.get('PageSize') ?? 50) || 50, 1), 1000);
  const page = Number(query.get('Page') ?? 0) || 0;
  const token = /^P([AB])(\d+)$/.exec(query.get('PageToken') ?? '');
  if (page > 0 && !token) return refuse(400, 20001, `Page ${page} cannot be read without its PageToken`);
  const dates = readDates(query);
  if (!dates) return refuse(400, 20001, 'DateSent is not a date');

  const filter = { to: numberIn(query, 'To'), from: numberIn(query, 'From'), ...dates };
  const position = token ? Number(token[2]) : null;
  const found = world.messages
    .index(account.sid)
    .page(filter, size, token?.[1] === 'A' ? position : null, token?.[1] === 'B' ? position : null);
  const first = found.messages[0];
  const last = found.messages.at(-1);
  const uri = (number: number, pageToken: string | null) => {
    const params = new URLSearchParams(query);
    params.set('PageSize', String(size));
    params.set('Page', String(number));
    if (pageToken === null) params.delete('PageToken');
    else params.set('PageToken', pageToken);
    return `${path}?${params}`;
  };
  return ok({
    messages: found.messages.map(messageJson),
    page,
    page_size: size,
    start: page * size,
    end: page * size + Math.max(found.messages.length - 1, 0),
    uri: uri(page, query.get('PageToken')),
    first_page_uri: uri(0, null),
    next_page_uri: found.older && last ? uri(page + 1, `PA${last.seq}`) : null,
    previous_page_uri: page > 0 && found.newer && first ? uri(page - 1, `PB${first.seq}`) : null,
  });
}

function numberIn(query: URLSearchParams, name: string): string | null {
  return query.get(name) ? readNumber(query.get(name)) : null;
}

/** Reads `DateSent`, `DateSent<` and `DateSent>` into inclusive bounds in seconds; null when one is not a date. */
function readDates(query: URLSearchParams): { sentFrom: number | null; sentUntil: number | null } | null {
  const on = query.get('DateSent');
  const from = query.get('DateSent>') ?? on;
  const until = query.get('DateSent<') ?? on;
  const sentFrom = from ? second(from, false) : null;
  const sentUntil = until ? second(until, true) : null;
  return Number.isNaN(sentFrom) || Number.isNaN(sentUntil) ? null : { sentFrom, sentUntil };
}

/** A day without a time means all of it. */
function second(date: string, end: boolean): number {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(date);
  const seconds = Math.floor(Date.parse(date) / 1000);
  return day && end ? seconds + 86_399 : seconds;
}
