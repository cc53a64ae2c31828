import { keepInS3, type S3 } from './keep-in-s3.ts';
import { keepOnDisk } from './keep-on-disk.ts';

/** Where the bytes of media are kept. */
export type Keep = {
  /** Keeps the bytes under the medium's id, durable when it resolves; again with the same id replaces them. Returns `stored_as`. */
  put(id: string, bytes: Buffer, contentType: string): Promise<string>;
  /** The bytes of what was stored so; null: they are gone. The stream must be read or canceled. */
  read(storedAs: string): Promise<ReadableStream<Uint8Array> | null>;
};

/**
 * Keeps media in the bucket when one is set, else on disk. What was stored before the setting changed is still read where it is.
 */
export const createKeep = ({ folder, s3 }: { folder: string; s3: S3 | null }): Keep => {
  const disk = keepOnDisk(folder);
  const bucket = s3 && keepInS3(s3);
  return {
    put: (id, bytes, contentType) => (bucket ? bucket.put(id, bytes, contentType) : disk.put(id, bytes)),
    read(storedAs) {
      if (!storedAs.startsWith('s3:')) return disk.read(storedAs);
      if (!bucket) throw new Error('This medium is in an S3 bucket, and none is set.');
      return bucket.read(storedAs);
    },
  };
};
