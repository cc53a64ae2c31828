import type { Provider } from './provider.ts';
import { createTwilio, type TwilioOptions } from './twilio/twilio.ts';

export type ProvidersOptions = { twilio?: TwilioOptions };

/** Every provider there is, by the name it has in a number's record. Close each when done. */
export function createProviders(options: ProvidersOptions = {}): { twilio: Provider } {
  return { twilio: createTwilio(options.twilio) };
}
