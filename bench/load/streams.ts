import { connect, type Socket } from 'node:net';

export type StreamedText = { id: string; body: string; attempt: number };

/**
 * Opens the stream of a device on loopback, over a bare socket, and resolves when it has begun. `heard` is called with each text, and
 * `broke` when the stream ends before it is closed.
 */
export const openTextStream = (
  port: number,
  token: string,
  heard: (text: StreamedText) => void,
  broke: () => void,
): Promise<() => void> =>
  new Promise((resolve, reject) => {
    let rest = '';
    let begun = false;
    let closing = false;
    const socket: Socket = connect({ host: '127.0.0.1', port, noDelay: true });
    const close = () => {
      closing = true;
      socket.destroy();
    };
    socket.setEncoding('utf8');
    socket.write(
      `GET /v1/device/stream HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${token}\r\nAccept: text/event-stream\r\n\r\n`,
    );
    // The chunks of the transfer encoding don't matter here: a text is one line of its own.
    socket.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop()!;
      for (const line of lines) {
        if (line.startsWith('data: ')) heard(JSON.parse(line.slice(6)) as StreamedText);
        else if (!begun && line.startsWith('retry: ')) {
          begun = true;
          resolve(close);
        } else if (!begun && /^HTTP\/1\.1 (?!200)/.test(line)) reject(new Error(`A stream: ${line}`));
      }
    });
    socket.on('error', reject);
    socket.on('close', () => {
      if (!closing) broke();
    });
  });
