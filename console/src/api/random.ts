/** `bytes` random bytes in hexadecimal. Unlike crypto.randomUUID it also works on plain http in a home network. */
export const randomHex = (bytes: number): string =>
  [...crypto.getRandomValues(new Uint8Array(bytes))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
