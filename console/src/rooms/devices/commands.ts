/** A word of a shell that stays one word whatever is in it. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** The lines that start a device’s client in a terminal: keep the token where only its user can read it, then run. */
export const runLines = (server: string, token: string): string =>
  [
    `(umask 077; printf %s ${quoted(token)} > trunkline.token)`,
    `npx trunkline-device --server ${quoted(server)} --token-file trunkline.token`,
  ].join('\n');

const folder = '/etc/trunkline-device';

/** The service’s file, with its line ends written as `\n`. */
const unit = (server: string): string =>
  [
    '[Service]',
    // No token in it: every user of the device can read what a service is started with.
    `ExecStart=/usr/bin/env trunkline-device --server ${server} --token-file ${folder}/token --spool /var/lib/trunkline-device`,
    'StateDirectory=trunkline-device',
    'Restart=always',
    'RestartSec=5',
    // The server knows the token no more: somebody has to bring a new one.
    'RestartPreventExitStatus=77',
    '[Install]',
    'WantedBy=multi-user.target',
  ].join('\\n');

/** The same as a service of systemd, which starts with the device and again whenever it ends. */
export const serviceLines = (server: string, token: string): string =>
  [
    'sudo npm install --global trunkline-device',
    `sudo install -d -m 700 ${folder}`,
    `printf %s ${quoted(token)} | sudo tee ${folder}/token > /dev/null`,
    `printf '%b\\n' ${quoted(unit(server))} | sudo tee /etc/systemd/system/trunkline-device.service > /dev/null`,
    'sudo systemctl enable --now trunkline-device',
  ].join('\n');

/** Whether only this machine reaches the address. */
export const isLoopback = (server: string): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(server).hostname);
