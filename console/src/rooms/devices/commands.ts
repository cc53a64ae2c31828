/** A word of a shell that stays one word whatever is in it. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** The lines that start a device’s client in a terminal: keep the token where only its user can read it, then run. */
export const runLines = (server: string, token: string): string =>
  [
    `(umask 077; printf %s ${quoted(token)} > trunkline.token)`,
    `npx trunkline-device --server ${quoted(server)} --token-file trunkline.token`,
  ].join('\n');

/** The program a service hands each text to, unless its settings are changed. */
export const serviceProgram = '/usr/local/bin/on-text';

/**
 * The same as a service of systemd, from the unit that comes with the client: it starts with the device and again whenever it
 * ends, as a user of its own that may do little else.
 */
export const serviceLines = (server: string, token: string): string => {
  const settings = [
    '[Service]',
    `Environment=TRUNKLINE_SERVER=${server}`,
    `Environment=TRUNKLINE_COMMAND=${serviceProgram}`,
  ].join('\\n');
  const units = '/etc/systemd/system';
  return [
    'sudo npm install --global trunkline-device',
    `printf %s ${quoted(token)} | sudo install -D -m 600 /dev/stdin /etc/trunkline-device/token`,
    `printf '%b\\n' ${quoted(settings)} | sudo install -D -m 644 /dev/stdin ${units}/trunkline-device.service.d/server.conf`,
    `sudo cp "$(sudo npm root --global)/trunkline-device/trunkline-device.service" ${units}/`,
    'sudo systemctl enable --now trunkline-device',
  ].join('\n');
};

/** Whether only this machine reaches the address. */
export const isLoopback = (server: string): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(server).hostname);
