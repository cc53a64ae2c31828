import { expect, test } from 'vitest';
import { mediaRequest } from './media-request.ts';

const credentials = { accountSid: 'AC1', authTokens: ['secret', 'next'], apiUrl: 'https://api.twilio.com' };
const authorization = `Basic ${btoa('AC1:secret')}`;
const path = `/2010-04-01/Accounts/AC1/Messages/MM${'a'.repeat(32)}/Media/ME${'b'.repeat(32)}`;

test.each([`https://api.twilio.com${path}`, `https://api.dublin.ie1.twilio.com${path}`])(
  '%s gets the credentials',
  (url) => {
    expect(mediaRequest(url, credentials)).toEqual({ headers: { authorization }, deleteUrl: `${url}.json` });
  },
);

test('an address of Twilio that is no medium of a message is fetched, and never deleted', () => {
  expect(mediaRequest('https://api.twilio.com/2010-04-01/Accounts/AC1', credentials)).toEqual({
    headers: { authorization },
    deleteUrl: null,
  });
});

test.each([
  `http://api.twilio.com${path}`,
  `https://api.twilio.com:8443${path}`,
  `https://api.dublin.ie1.twilio.com:8443${path}`,
  `http://api.dublin.ie1.twilio.com${path}`,
  `https://eviltwilio.com${path}`,
  `https://api.twilio.com.example.org${path}`,
  `https://api.twilio.com@example.org${path}`,
  `https://example.org/?https://api.twilio.com${path}`,
])('%s does not', (url) => {
  expect(mediaRequest(url, credentials)).toEqual({ headers: {}, deleteUrl: null });
});
