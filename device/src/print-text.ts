import type { DeviceText } from './text.ts';

/** Prints a text as one line of JSON on stdout; resolves when the system has taken it. */
export const printText = (text: DeviceText): Promise<undefined> =>
  new Promise((resolve, reject) => {
    process.stdout.write(`${JSON.stringify(text)}\n`, (error) =>
      error ? reject(error) : resolve(undefined),
    );
  });
