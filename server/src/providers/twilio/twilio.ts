import { nowMs } from '../../base/clock.ts';
import { explainError } from '../classify.ts';
import type { Provider } from '../provider.ts';
import { createWire, type WireOptions } from '../wire.ts';
import { accountPath, callHeaders } from './authorization.ts';
import { createForm } from './create-form.ts';
import { fetchMessage, listMessages } from './list.ts';
import { mediaRequest } from './media-request.ts';
import { parseIncoming } from './parse-incoming.ts';
import { parseReceipt } from './parse-receipt.ts';
import { readOutcome } from './read-outcome.ts';
import { verifyTwilio } from './verify.ts';

export type TwilioOptions = Partial<WireOptions> & {
  /**
   * Connection settings put behind a receipt address that has none
   * (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides). Without them Twilio gives up on a receipt at the
   * first 5xx; with ours it tries three times more whatever went wrong.
   */
  callbackFragment?: string;
};

const diagnosesPerSecond = 20;

/** The Twilio adapter. Its connections open as they are needed. */
export function createTwilio(options: TwilioOptions = {}): Provider {
  const wire = createWire(options);
  const callbackFragment = options.callbackFragment ?? '#rc=3&rp=all';
  const mayDiagnose = limitPerSecond(diagnosesPerSecond);
  return {
    name: 'twilio',
    verify: (request, authTokens) => verifyTwilio(request, authTokens, mayDiagnose),
    parseIncoming,
    parseReceipt,
    async send(text, credentials) {
      const headers = callHeaders(credentials);
      if (!headers) {
        const message = 'The Twilio account has no auth token to send with.';
        return { kind: 'failed', code: null, message, class: 'configuration' };
      }
      const path = `${accountPath(credentials)}/Messages.json`;
      const body = createForm(text, callbackFragment);
      return readOutcome(await wire.exchange(credentials.apiUrl, { method: 'POST', path, headers, body }));
    },
    list: (query, credentials) => listMessages(wire, query, credentials),
    fetchMessage: (providerSid, credentials) => fetchMessage(wire, providerSid, credentials),
    mediaRequest,
    explainError,
    close: () => wire.close(),
  };
}

function limitPerSecond(most: number): () => boolean {
  let second = 0;
  let count = 0;
  return () => {
    const current = Math.trunc(nowMs() / 1000);
    if (current !== second) {
      second = current;
      count = 0;
    }
    return ++count <= most;
  };
}
