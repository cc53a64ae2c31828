import type { Db } from '../base/db.ts';
import { createMediaAddresses } from './addresses.ts';
import { createKeep } from './keep.ts';
import type { S3 } from './keep-in-s3.ts';
import { createMediaOf } from './media-of.ts';

/** What is needed to show media: their addresses, what came with a message, and the place where the bytes are. */
export const createMedia = ({
  db,
  folder,
  s3,
  ...address
}: {
  db: Db;
  secretKey: string;
  publicUrl: string;
  /** How long an address is good. */
  seconds: number;
  /** Where media are kept when no bucket is set. */
  folder: string;
  s3: S3 | null;
}) => {
  const addresses = createMediaAddresses(address);
  return { addresses, keep: createKeep({ folder, s3 }), ...createMediaOf(db, addresses) };
};
export type Media = ReturnType<typeof createMedia>;
