import type { IncomingText } from '../provider.ts';
import { parameter, withoutNul } from './parameters.ts';

const mostMedia = 10;
const optOuts = new Map<string, 'stop' | 'start' | 'help'>([
  ['STOP', 'stop'],
  ['START', 'start'],
  ['HELP', 'help'],
]);
/** What has a field of its own, or repeats one. */
const named = new Set(
  'MessageSid SmsSid SmsMessageSid AccountSid From To Body NumMedia NumSegments SmsStatus ApiVersion'.split(
    ' ',
  ),
);

/**
 * An incoming text from the parameters of Twilio's webhook (https://www.twilio.com/docs/messaging/guides/webhook-request).
 * Only the message's id and its two ends are required; everything else may be missing or odd. Never throws.
 */
export function parseIncoming(
  params: URLSearchParams,
): { ok: true; text: IncomingText } | { ok: false; problem: string } {
  const providerSid =
    parameter(params, 'MessageSid') || parameter(params, 'SmsMessageSid') || parameter(params, 'SmsSid');
  if (!providerSid) return { ok: false, problem: 'The request has no MessageSid.' };
  const from = parameter(params, 'From');
  if (!from) return { ok: false, problem: 'The request has no From.' };
  const to = parameter(params, 'To');
  if (!to) return { ok: false, problem: 'The request has no To.' };
  const { mediaUrls, mediaTypes } = readMedia(params);
  return {
    ok: true,
    text: {
      providerSid,
      accountSid: parameter(params, 'AccountSid'),
      from,
      to,
      body: parameter(params, 'Body'),
      mediaUrls,
      mediaTypes,
      segments: readSegments(parameter(params, 'NumSegments')),
      optOut: optOuts.get(parameter(params, 'OptOutType').toUpperCase()) ?? null,
      extra: readExtra(params),
    },
  };
}

/** The media there are, whatever NumMedia says: it may be empty or wrong, and a picture must not be lost over it. */
function readMedia(params: URLSearchParams): { mediaUrls: string[]; mediaTypes: string[] } {
  const mediaUrls: string[] = [];
  const mediaTypes: string[] = [];
  if (parameter(params, 'NumMedia') === '0' && !params.has('MediaUrl0')) return { mediaUrls, mediaTypes };
  for (let i = 0; i < mostMedia; i++) {
    const url = parameter(params, `MediaUrl${i}`);
    if (url === '') continue;
    mediaUrls.push(url);
    mediaTypes.push(parameter(params, `MediaContentType${i}`) || 'application/octet-stream');
  }
  return { mediaUrls, mediaTypes };
}

function readSegments(text: string): number {
  return /^[1-9][0-9]{0,3}$/.test(text) ? Number(text) : 1;
}

function readExtra(params: URLSearchParams): Record<string, string> {
  const extra = new Map<string, string>();
  for (const [name, value] of params) {
    if (value === '' || named.has(name) || extra.has(name) || /^Media(Url|ContentType)[0-9]$/.test(name))
      continue;
    extra.set(withoutNul(name), withoutNul(value));
  }
  // fromEntries defines the names as they are, `__proto__` too.
  return Object.fromEntries(extra);
}
