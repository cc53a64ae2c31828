import { connect, type Socket } from 'node:net';

/** A keep-alive HTTP/1.1 connection that carries one request at a time and reads no more of an answer than its status and its end. */
export type Connection = {
  /** Writes a whole request. Call it only when the one before is answered. */
  send(request: Buffer): void;
  close(): void;
};

const lengthLine = /\r\ncontent-length: *(\d+)/i;
const chunkedLine = /\r\ntransfer-encoding: *chunked/i;
const lastChunk = '0\r\n\r\n';

/** The bytes of a complete answer at the start of `bytes`, or 0 while some are missing. */
const answerLength = (bytes: Buffer): number => {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return 0;
  const head = bytes.toString('latin1', 0, headEnd);
  const length = lengthLine.exec(head);
  if (length) {
    const total = headEnd + 4 + Number(length[1]);
    return bytes.length >= total ? total : 0;
  }
  if (!chunkedLine.test(head)) return headEnd + 4;
  const end = bytes.indexOf(lastChunk, headEnd + 4, 'latin1');
  return end < 0 ? 0 : end + lastChunk.length;
};

/**
 * Opens a connection on loopback. `answered` is called with the status of each answer, and with 0 when the connection broke under a
 * request.
 */
export const openConnection = (port: number, answered: (status: number) => void): Promise<Connection> =>
  new Promise((resolve, reject) => {
    let rest: Buffer | null = null;
    let underWay = false;
    let closing = false;
    // One buffer for the life of the connection: the generator must cost less than what it measures.
    const buffer = Buffer.allocUnsafe(16 * 1024);
    const callback = (size: number): boolean => {
      const bytes = rest ? Buffer.concat([rest, buffer.subarray(0, size)]) : buffer.subarray(0, size);
      if (answerLength(bytes) === 0) {
        rest = Buffer.from(bytes);
        return true;
      }
      rest = null;
      underWay = false;
      answered(Number(bytes.toString('latin1', 9, 12)));
      return true;
    };
    const socket: Socket = connect({
      host: '127.0.0.1',
      port,
      noDelay: true,
      onread: { buffer, callback },
    });
    socket.once('connect', () =>
      resolve({
        send(request) {
          underWay = true;
          socket.write(request);
        },
        close() {
          closing = true;
          socket.destroy();
        },
      }),
    );
    socket.on('error', reject);
    socket.on('close', () => {
      if (underWay && !closing) {
        underWay = false;
        answered(0);
      }
    });
  });
