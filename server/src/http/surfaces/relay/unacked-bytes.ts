import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';

/**
 * Makes the function that says how many bytes we sent on a connection the other side's kernel has not acknowledged, from Linux'
 * table of connections (proc(5), /proc/net/tcp: local and remote address, state, tx_queue:rx_queue in hexadecimal). Our FIN counts as
 * one. 0 where it can't be known: elsewhere, or when the connection is gone from the table because both sides have closed.
 */
export const unackedBytes = (socket: Socket): (() => Promise<number>) => {
  const hex = (port: number | undefined) => (port ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const table = socket.remoteAddress?.includes(':') ? '/proc/net/tcp6' : '/proc/net/tcp';
  // The ports now: a socket that both sides have closed doesn't know them any more.
  const line = new RegExp(
    ` [0-9A-F]+:${hex(socket.localPort)} [0-9A-F]+:${hex(socket.remotePort)} [0-9A-F]{2} ([0-9A-F]{8}):`,
    'g',
  );
  return async () => {
    const connections = await readFile(table, 'latin1').catch(() => '');
    return Math.max(0, ...[...connections.matchAll(line)].map((found) => Number.parseInt(found[1]!, 16)));
  };
};
