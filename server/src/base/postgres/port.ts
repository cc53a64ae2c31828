import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** The remembered port while it is free, else a free one below those the system gives to outgoing connections. */
export async function choosePort(remembered: number | null): Promise<number> {
  if (remembered && (await isFree(remembered))) return remembered;
  for (let tries = 0; tries < 50; tries += 1) {
    const port = randomInt(15_000, 32_000);
    if (await isFree(port)) return port;
  }
  throw new Error('No free port for PostgreSQL between 15000 and 32000 on 127.0.0.1.');
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
