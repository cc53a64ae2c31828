/** A word of a shell that stays one word whatever is in it. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** The lines that start a device’s client in a terminal: keep the token where only its user can read it, then run. */
export const runLines = (server: string, token: string): string =>
  [
    `(umask 077; printf %s ${quoted(token)} > trunkline.token)`,
    `npx trunkline-device --server ${quoted(server)} --token-file trunkline.token`,
  ].join('\n');

/** The same as a service of systemd, which starts with the device and again whenever it ends. */
export const serviceLines = (server: string, token: string): string =>
  [
    'sudo npm install --global trunkline-device',
    'sudo install -d -m 700 /etc/trunkline-device',
    `printf %s ${quoted(token)} | sudo tee /etc/trunkline-device/token > /dev/null`,
    `echo TRUNKLINE_SERVER=${quoted(server)} | sudo tee /etc/trunkline-device/env > /dev/null`,
    'sudo systemctl enable --now "$(npm root --global)/trunkline-device/trunkline-device.service"',
  ].join('\n');

/** Whether only this machine reaches the address. */
export const isLoopback = (server: string): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(server).hostname);
