import type { LeasedText } from '../../store/device-texts/text.ts';

/** What a device has open to us: a stream, or a poll that waits. */
export type Connection = {
  organizationId: string;
  deviceId: string;
  /** Of the token it was opened with: when that ends, so does the connection. */
  tokenHash: Buffer;
  /** Hands texts over. false: it is closed, and surely nothing of them has left. */
  give(texts: LeasedText[]): boolean;
  /** Told when a look found nothing for it. */
  nothing?(): void;
  /** Writes a sign of life. A poll has none. */
  beat?(): void;
  /** Closes it: a newer one has come, its token has ended, it seems dead, or the server stops. */
  end(): void;
};

/** A connection as the line keeps it. */
export type Open = {
  connection: Connection;
  /** Of this connection and no other; the newest one's is in `devices`. */
  id: string;
  /** About how many texts the device holds: only one that was full is looked for again at an ack. */
  held: number;
  /** Since when it was given texts and said nothing; null: it said something. */
  silentSinceMs: number | null;
  /** In which of the rounds it gets its sign of life. */
  round: number;
};
