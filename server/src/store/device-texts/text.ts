/** A text that is leased to a device, as the store hands it out. */
export type LeasedText = {
  organizationId: string;
  deviceId: string;
  id: string;
  messageId: string | null;
  conversationId: string | null;
  from: string;
  to: string;
  body: string;
  /** Addresses another device gave; those of a message are in `media`. */
  mediaUrls: string[] | null;
  media: { id: string; contentType: string | null }[] | null;
  /** Which offer of it this is, from 1. */
  attempt: number;
  /** Its place in everything that was handed out: the cursor of a device that has it. */
  offer: number;
  createdAt: Date;
  leaseUntil: Date;
};

/** Names one text of one device. */
export type TextKey = { organizationId: string; deviceId: string; id: string };
