/** Names in a sentence, at most four of them: `Anda`, `Anda and Bo`, `Anda, Bo and Cleo`, `Anda, Bo, Cleo and 4 others`. */
export const listed = (names: readonly string[]): string => {
  const all = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} others`] : [...names];
  const last = all.pop() ?? '';
  return all.length === 0 ? last : `${all.join(', ')} and ${last}`;
};
