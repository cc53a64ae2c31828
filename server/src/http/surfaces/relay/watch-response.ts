import type { IncomingMessage, ServerResponse } from 'node:http';
import { unackedBytes } from './unacked-bytes.ts';

/**
 * How long after its request a response may take to arrive, milliseconds. The old client gives up after 5 s and closes, in order as
 * if it had read everything: an end that comes before that is no giving up.
 */
const patienceMs = 4_500;

/**
 * Watches whether a response arrives whole. Written to the socket is not arrived: the kernel takes it and may lose it later. The old
 * client acks nothing, but HTTP with `Connection: close` has an ack of its own: whoever has read everything closes its side, and its
 * FIN tells us. A client that goes away before that resets the connection (its kernel answers what is still unread with RST), and
 * from one that vanished nothing comes. So the connection is only half-closed after the last byte, where Node would close it whole and
 * hear no more, and the response has arrived when the other side's end comes after it, in time and without an error, and
 * acknowledges every byte: one that gave up on a bad line closes in order too, while ours is still on its way.
 *
 * A proxy between us and the client answers for it: what the proxy has read has arrived, for us.
 *
 * Call it before the response is sent, with `Connection: close` on it.
 * @param since when the request came, by performance.now().
 * @returns whether it arrived. When it didn't, the connection is reset, so that the other side doesn't believe it whole either.
 */
export const watchResponse = (
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  since: number,
): Promise<boolean> => {
  const { socket } = incoming;
  if (socket.destroyed) return Promise.resolve(false);
  const unacked = unackedBytes(socket);
  return new Promise((resolve) => {
    const own = { destroy: socket.destroy, destroySoon: socket.destroySoon };
    let written = false;
    let ended = false;
    const onFinish = () => {
      written = true;
    };
    const settle = (arrived: boolean) => {
      clearTimeout(timer);
      outgoing.off('finish', onFinish);
      socket.off('end', onEnd).off('error', onBreak).off('close', onBreak);
      Object.assign(socket, own);
      if (arrived) socket.destroySoon();
      else if (!socket.destroyed) socket.resetAndDestroy();
      resolve(arrived);
    };
    const onEnd = async () => {
      ended = true;
      // All but our own FIN, which may cross the other side's.
      settle(written && (await unacked()) <= 1);
    };
    const onBreak = () => settle(false);
    // A process that was busy past the time first hears what came meanwhile: timers come before connections in its loop.
    const onTimeout = () => setImmediate(() => ended || onBreak());
    const timer = setTimeout(onTimeout, Math.max(0, since + patienceMs - performance.now()));
    outgoing.once('finish', onFinish);
    socket.once('end', onEnd).once('error', onBreak).once('close', onBreak);
    // Node calls this after the last byte of a response that closes.
    socket.destroySoon = () => void socket.end();
    // A server that stops closes connections without a request, such as this one; it waits for us instead.
    socket.destroy = (error) => (error ? own.destroy.call(socket, error) : socket);
  });
};
