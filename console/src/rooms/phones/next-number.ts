/** The next free number of the virtual phones: +1 555 010 0001 and up, a range no real phone has. */
export const nextPhoneNumber = (taken: string[]): string => {
  for (let count = 1; ; count += 1) {
    const number = `+1555010${String(count).padStart(4, '0')}`;
    if (!taken.includes(number)) return number;
  }
};
