import { classify } from '../classify.ts';
import type { Outcome } from '../provider.ts';
import type { Exchange } from '../wire.ts';
import { readCode, readObject, readRetryAfter } from './read-answer.ts';

/**
 * What an attempt to create a message came to. What Twilio wrote about an error is left out, since it repeats phone numbers; the
 * code is kept, and our own sentence says what it means.
 */
export function readOutcome(exchange: Exchange): Outcome {
  if (exchange.kind === 'not_sent') {
    const message = `Twilio could not be reached: ${exchange.reason}.`;
    return exchange.misconfigured
      ? { kind: 'failed', code: null, message, class: 'configuration' }
      : { kind: 'retry', code: null, message, afterMs: null, class: 'transient' };
  }
  if (exchange.kind === 'lost') {
    return { kind: 'unknown', code: null, message: `Twilio may have taken the message: ${exchange.reason}.` };
  }
  const answer = readObject(exchange.body);
  if (exchange.status >= 200 && exchange.status < 300) return readCreated(answer);
  const code = readCode(answer?.code);
  const verdict = classify(exchange.status, code);
  const message = verdict.sentence;
  if (verdict.kind === 'unknown') return { kind: 'unknown', code, message };
  if (verdict.kind === 'failed') return { kind: 'failed', code, message, class: verdict.class };
  const afterMs = readRetryAfter(exchange.headers) ?? verdict.afterMs;
  return { kind: 'retry', code, message, afterMs, class: verdict.class };
}

function readCreated(answer: Record<string, unknown> | null): Outcome {
  const sid = answer?.sid;
  if (typeof sid !== 'string' || !/^[A-Za-z0-9]{2,64}$/.test(sid)) {
    const message = 'Twilio took the request but its answer could not be read, so the message has no id yet.';
    return { kind: 'unknown', code: null, message };
  }
  const segments = Number(answer?.num_segments);
  return {
    kind: 'sent',
    providerSid: sid,
    providerStatus: typeof answer?.status === 'string' ? answer.status : 'queued',
    // "0" until a messaging service has chosen a sender.
    segments: Number.isInteger(segments) && segments > 0 ? segments : null,
  };
}
