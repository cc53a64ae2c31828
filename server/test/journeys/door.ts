import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

export type Door = { url: string; close(): Promise<void> };

const patienceMs = 14_000;

/**
 * What stands in front of a server in production: a proxy that holds a connection while the server behind it restarts, and breaks it
 * when the server dies. Twilio tries a webhook again at once, so without one its five retries are over long before a restart is.
 */
export const openDoor = async (portBehind: number): Promise<Door> => {
  const open = new Set<Socket>();
  const track = (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => open.delete(socket));
    return socket;
  };
  const server = createServer((incoming) => {
    track(incoming);
    const since = performance.now();
    let behind: Socket | undefined;
    incoming.once('close', () => behind?.destroy());
    const reach = () => {
      if (incoming.destroyed) return;
      const attempt = track(connect(portBehind, '127.0.0.1'));
      behind = attempt;
      let connected = false;
      attempt.once('connect', () => {
        connected = true;
        incoming.pipe(attempt);
        attempt.pipe(incoming);
      });
      attempt.once('close', () => {
        if (connected || performance.now() - since > patienceMs) incoming.destroy();
        else setTimeout(reach, 20);
      });
    };
    reach();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
};
