/**
 * Cuts an E.164 number into groups that are easy to read: country code, then the rest in threes or as North America
 * writes it. A number of another shape comes back whole. Nothing is added: the groups joined are the number.
 */
export const phoneGroups = (number: string): string[] => {
  const northAmerica = /^(\+1)(\d{3})(\d{3})(\d{4})$/.exec(number);
  if (northAmerica) return northAmerica.slice(1);
  const other = /^(\+(?:7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3}))(\d{5,12})$/.exec(
    number,
  );
  if (!other) return [number];
  const [, country = '', rest = ''] = other;
  const size = rest.length % 3 === 0 ? 3 : 2;
  return [country, ...(rest.match(new RegExp(`\\d{1,${size}}`, 'g')) ?? [])];
};
