import type { Verification, WebhookRequest } from '../provider.ts';
import { isSignedBy, signedParameters } from './signature.ts';
import { showUrl, urlVariants, withoutFragment } from './url-variants.ts';

type BadRequest = {
  request: WebhookRequest;
  url: string;
  params: URLSearchParams;
  parameters: string;
  signature: Buffer;
  authTokens: readonly string[];
};

// Anybody can send a bad request, so naming its fault must stay cheap: about a hundred digests of at most this many characters.
const longestDiagnosed = 16_000;
const mostParametersDiagnosed = 64;

/**
 * Says why a signature doesn't fit. Each answer but the last is proved: with that one thing changed the signature fits one of our
 * tokens. In this order:
 *  - wrong_url: it fits another address, one of the caller's other candidates, or ours with the other scheme, with or without a
 *    slash at the end, or without its query.
 *  - altered_parameters: it fits our address and parameters that something between Twilio and us would have made of these (a
 *    framework that drops or adds empty ones, trims values, changes line ends, adds one of its own, or eats the body).
 *  - wrong_token: it fits nothing. A token of another account or one just replaced does this; so does a forgery, and so does a
 *    change we didn't think of.
 */
export function diagnose(bad: BadRequest): Verification {
  if (bad.parameters.length <= longestDiagnosed) {
    const signedUrl = findUrl(bad);
    if (signedUrl) {
      const detail = `The signature was made for ${showUrl(signedUrl)}, and the configured address is ${showUrl(bad.url)}: set the public address, or the webhook at Twilio, so that both are the same to the letter, query included.`;
      return { ok: false, reason: 'wrong_url', detail };
    }
    const change = findChange(bad);
    if (change) return { ok: false, reason: 'altered_parameters', detail: change };
  }
  return { ok: false, reason: 'wrong_token', detail: explainToken(bad) };
}

function findUrl(bad: BadRequest): string | null {
  const near = [
    otherScheme(bad.url),
    otherSlash(bad.url),
    otherSlash(otherScheme(bad.url)),
    bad.url.replace(/\?.*$/s, ''),
  ];
  // A proxy that ends TLS keeps the Host and loses the scheme.
  const seen = bad.request.urls.slice(1, 5).flatMap((url) => [url, otherScheme(url)]);
  const candidates = [...seen, ...near];
  for (const candidate of candidates) {
    for (const variant of urlVariants(withoutFragment(candidate))) {
      if (isSignedBy(bad.authTokens, variant + bad.parameters, bad.signature)) return variant;
    }
  }
  return null;
}

function otherScheme(url: string): string {
  return url.startsWith('https://') ? `http://${url.slice(8)}` : url.replace(/^http:\/\//i, 'https://');
}

function otherSlash(url: string): string {
  const question = url.indexOf('?');
  const path = question < 0 ? url : url.slice(0, question);
  const query = question < 0 ? '' : url.slice(question);
  return path.endsWith('/') ? path.slice(0, -1) + query : `${path}/${query}`;
}

function findChange(bad: BadRequest): string | null {
  const pairs = [...bad.params];
  if (pairs.length > mostParametersDiagnosed) return null;
  for (const [original, sentence] of originals(pairs)) {
    const parameters = signedParameters(new URLSearchParams(original));
    if (parameters !== bad.parameters && isSignedBy(bad.authTokens, bad.url + parameters, bad.signature))
      return sentence;
  }
  return null;
}

// Twilio sends these empty when it knows no place; they are what gets dropped.
const oftenEmpty = [
  'FromCity',
  'FromState',
  'FromZip',
  'FromCountry',
  'ToCity',
  'ToState',
  'ToZip',
  'ToCountry',
  'Body',
];

type Pairs = [string, string][];

/** What Twilio may have sent, when this is what arrived. */
function* originals(pairs: Pairs): Generator<[Pairs, string]> {
  yield [[], 'The signature covers the address alone: the parameters were added on the way.'];
  const names = new Set(pairs.map(([name]) => name));
  const missing: Pairs = oftenEmpty.filter((name) => !names.has(name)).map((name) => [name, '']);
  yield [[...pairs, ...missing], 'Empty parameters were dropped on the way; pass the body on as it came.'];
  for (const pair of missing) {
    yield [[...pairs, pair], 'An empty parameter was dropped on the way; pass the body on as it came.'];
  }
  yield [pairs.filter(([, value]) => value !== ''), 'Empty parameters were added on the way.'];
  const rewritten: [(value: string) => string, string][] = [
    [(value) => value.trim(), 'White space was added around values on the way.'],
    [(value) => `${value} `, 'White space was trimmed off the values on the way.'],
    [(value) => value.replace(/\r\n/g, '\n'), 'Line ends were changed to CR LF on the way.'],
    [(value) => value.replace(/\r?\n/g, '\r\n'), 'Line ends were changed to LF on the way.'],
    [(value) => value.replaceAll(' ', '+'), 'Plus signs were decoded twice on the way.'],
  ];
  for (const [rewrite, sentence] of rewritten) {
    yield [pairs.map(([name, value]) => [name, rewrite(value)]), sentence];
    const body: Pairs = pairs.map(([name, value]) => [name, name === 'Body' ? rewrite(value) : value]);
    yield [body, sentence];
  }
  for (let skipped = 0; skipped < pairs.length; skipped++) {
    yield [pairs.filter((_, at) => at !== skipped), 'A parameter was added on the way.'];
  }
}

/** What to look at when the signature fits nothing. */
export function explainToken(bad: BadRequest): string {
  if (bad.authTokens.length === 0) return 'There is no auth token to check the signature with.';
  const account = bad.params.get('AccountSid') ?? '';
  const ours = bad.request.accountSid ?? '';
  if (account !== '' && ours !== '' && account !== ours) {
    return 'The request is for another account than the one whose auth token is configured (a subaccount has a token of its own).';
  }
  return "The signature fits none of the configured auth tokens: check that TWILIO_AUTH_TOKEN is this account's primary one. While rotating, list both.";
}
