import type { Verification, WebhookRequest } from '../provider.ts';
import { diagnose, explainToken } from './diagnose.ts';
import { isBodyOf, isSignedBy, readSignature, signedParameters } from './signature.ts';
import { urlVariants, withoutFragment } from './url-variants.ts';

/**
 * Checks X-Twilio-Signature over the first of the request's addresses and its body. Only that address can make a request good;
 * for a bad one the answer says what doesn't fit, as far as that can be told (see diagnose.ts). `mayDiagnose` is asked before that
 * costs the time of some fifty good requests; told no, the answer is wrong_token.
 */
export function verifyTwilio(
  request: WebhookRequest,
  authTokens: readonly string[],
  mayDiagnose: () => boolean = () => true,
): Verification {
  if (request.signature === null || request.signature === '') {
    return {
      ok: false,
      reason: 'missing_signature',
      detail: 'The request has no X-Twilio-Signature header; Twilio signs every request it makes.',
    };
  }
  const signature = readSignature(request.signature);
  if (!signature) {
    return {
      ok: false,
      reason: 'missing_signature',
      detail: 'The X-Twilio-Signature header does not hold a signature of the kind Twilio makes.',
    };
  }
  const url = withoutFragment(request.urls[0] ?? '');
  const body = readBody(request, url);
  if (!body.ok) return { ok: false, reason: 'altered_parameters', detail: body.problem };
  const parameters = signedParameters(body.params);
  for (const variant of urlVariants(url)) {
    if (isSignedBy(authTokens, variant + parameters, signature)) return { ok: true };
  }
  const bad = { request, url, params: body.params, parameters, signature, authTokens };
  return mayDiagnose() ? diagnose(bad) : { ok: false, reason: 'wrong_token', detail: explainToken(bad) };
}

const noParams = new URLSearchParams();

/**
 * What of the body the signature covers: its parameters when it is a form, nothing when its hash is in the address instead
 * (https://www.twilio.com/docs/usage/security#validation-using-json-body). A body that neither covers is refused, or anybody could
 * send one along with a signature made for the address alone.
 */
function readBody(
  request: WebhookRequest,
  url: string,
): { ok: true; params: URLSearchParams } | { ok: false; problem: string } {
  if (url.includes('bodySHA256')) {
    const hash = URL.parse(url)?.searchParams.get('bodySHA256') ?? '';
    if (isBodyOf(request.rawBody, hash)) return { ok: true, params: noParams };
    return { ok: false, problem: 'The body is not the one whose SHA-256 Twilio put in the address.' };
  }
  if (request.rawBody === '') return { ok: true, params: noParams };
  if (request.contentType !== null && !isForm(request.contentType)) {
    return { ok: false, problem: 'The body is no form, and its address has no bodySHA256 that covers it.' };
  }
  return { ok: true, params: request.params ?? new URLSearchParams(request.rawBody) };
}

function isForm(contentType: string): boolean {
  const semicolon = contentType.indexOf(';');
  const mediaType = semicolon < 0 ? contentType : contentType.slice(0, semicolon);
  return mediaType.trim().toLowerCase() === 'application/x-www-form-urlencoded';
}
