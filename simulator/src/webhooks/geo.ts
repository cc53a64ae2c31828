const places: Record<string, [city: string, state: string, zip: string]> = {
  202: ['WASHINGTON', 'DC', '20001'],
  206: ['SEATTLE', 'WA', '98101'],
  212: ['NEW YORK', 'NY', '10001'],
  303: ['DENVER', 'CO', '80202'],
  312: ['CHICAGO', 'IL', '60601'],
  415: ['SAN FRANCISCO', 'CA', '94103'],
  512: ['AUSTIN', 'TX', '78701'],
  617: ['BOSTON', 'MA', '02108'],
};

const countries: [prefix: string, country: string][] = [
  ['+1', 'US'],
  ['+33', 'FR'],
  ['+34', 'ES'],
  ['+39', 'IT'],
  ['+41', 'CH'],
  ['+43', 'AT'],
  ['+44', 'GB'],
  ['+49', 'DE'],
  ['+52', 'MX'],
  ['+55', 'BR'],
  ['+61', 'AU'],
  ['+91', 'IN'],
];

/** Returns Twilio's geo fields for a number, `FromCity` and so on: best effort, empty where nothing is known. */
export function geoParams(side: 'From' | 'To', number: string): [string, string][] {
  const [city, state, zip] = places[/^\+1(\d{3})/.exec(number)?.[1] ?? ''] ?? ['', '', ''];
  const country = countries.find(([prefix]) => number.startsWith(prefix))?.[1] ?? '';
  return [
    [`${side}Country`, country],
    [`${side}State`, state],
    [`${side}City`, city],
    [`${side}Zip`, zip],
  ];
}
