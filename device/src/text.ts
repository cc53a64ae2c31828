/** A text as the server offers it (contract/device.ts, copied so that this package stands alone; a test compares them). */
export type DeviceText = {
  id: string;
  /** The message it came from; null for a text from another device. */
  messageId: string | null;
  conversationId: string | null;
  /** The phone number it came from, or the name of the device. */
  from: string;
  /** The number it was sent to, or the name of this device. */
  to: string;
  body: string;
  /** Pictures and other media; the addresses need no credentials and expire. */
  media: { url: string; contentType: string }[];
  /** 1 the first time; higher: it was offered before and never acked, so it may have been handled already. */
  attempt: number;
  receivedAt: string;
  leaseUntil: string;
};

/**
 * What a device sends: an answer to a text, a text to a phone number (from one of its own numbers), or a text to another device of the
 * organization.
 */
export type OutgoingMessage = { body?: string; mediaUrls?: string[] } & (
  | { to: string; from?: string }
  | { textId: string }
  | { device: string; body: string }
);

/** The answer to a text: to its phone, or to the device that wrote it. */
export const answerTo = (
  text: Pick<DeviceText, 'id' | 'conversationId' | 'from'>,
  body: string,
): OutgoingMessage =>
  text.conversationId === null ? { device: text.from, body } : { textId: text.id, body };

const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Reads a text off the wire. Its id becomes a file name, so it must be one. Null: this is no text. */
export const readText = (json: string): DeviceText | null => {
  try {
    const value = JSON.parse(json);
    return isText(value) ? value : null;
  } catch {
    return null;
  }
};

/** Whether a value has what we rely on; what a newer server adds is kept. */
export const isText = (value: unknown): value is DeviceText => {
  const text = value as DeviceText | null;
  return (
    typeof text === 'object' &&
    text !== null &&
    typeof text.id === 'string' &&
    id.test(text.id) &&
    typeof text.from === 'string' &&
    typeof text.body === 'string'
  );
};
