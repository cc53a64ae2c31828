import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** The network between a device and its relay: it can be away, break a response after its first bytes, or stop passing them. */
export const openWifi = async (portBehind: number) => {
  const open = new Set<Socket>();
  let down = false;
  let cut: { after: number; done: () => void } | null = null;
  let stall: { after: number; done: () => void } | null = null;

  const track = (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => open.delete(socket));
    return socket;
  };
  const server = createServer((device) => {
    track(device);
    if (down) return device.resetAndDestroy();
    const behind = track(connect(portBehind, '127.0.0.1'));
    let passed = 0;
    device.once('close', () => behind.destroy());
    behind.once('close', () => device.destroy());
    device.pipe(behind);
    behind.on('data', (chunk: Buffer) => {
      passed += chunk.length;
      if (cut && passed > cut.after) {
        device.write(chunk.subarray(0, cut.after));
        cut.done();
        cut = null;
        device.resetAndDestroy();
        behind.resetAndDestroy();
      } else if (stall && passed > stall.after) {
        behind.pause();
        stall.done();
        stall = null;
      } else device.write(chunk);
    });
    behind.once('end', () => device.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    goAway() {
      down = true;
      for (const socket of open) socket.resetAndDestroy();
    },
    comeBack() {
      down = false;
    },
    /** Breaks the next response that is longer than `after` bytes behind them; resolves when it did. */
    cutNext: (after: number) =>
      new Promise<void>((done) => {
        cut = { after, done };
      }),
    /** Passes nothing of the next response that is longer than `after` bytes; resolves when it began. */
    stallNext: (after: number) =>
      new Promise<void>((done) => {
        stall = { after, done };
      }),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
};
