import { createHash } from 'node:crypto';
import { AwsV4Signer } from 'aws4fetch';

export type S3 = {
  bucket: string;
  region: string;
  /** Of a server that speaks S3; null: Amazon's. */
  endpoint: string | null;
  accessKeyId: string;
  secretAccessKey: string;
};

/** For the answer's head, the upload included, milliseconds. */
const timeoutMs = 60_000;

/** A bucket's address: by path at an endpoint of one's own; at Amazon by host, where a dot in the name would break its certificate. */
const addressOf = ({ bucket, region, endpoint }: S3): string => {
  if (endpoint !== null) return `${endpoint}/${bucket}`;
  const host = `s3.${region}.amazonaws.com`;
  return bucket.includes('.') ? `https://${host}/${bucket}` : `https://${bucket}.${host}`;
};

/** Keeps media as objects of an S3 bucket, under `media/<id>`. */
export const keepInS3 = (s3: S3) => {
  const { region, accessKeyId, secretAccessKey } = s3;
  const base = addressOf(s3);

  const call = async (method: 'GET' | 'PUT', key: string, body?: Buffer, contentType?: string) => {
    const signer = new AwsV4Signer({
      method,
      url: `${base}/${key}`,
      service: 's3',
      region,
      accessKeyId,
      secretAccessKey,
      headers: {
        'x-amz-content-sha256': createHash('sha256')
          .update(body ?? '')
          .digest('hex'),
        ...(contentType !== undefined && { 'content-type': contentType }),
      },
    });
    const signed = await signer.sign();
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(), timeoutMs);
    try {
      return await fetch(signed.url, {
        method,
        headers: signed.headers,
        signal: ending.signal,
        redirect: 'error',
        ...(body && { body: new Uint8Array(body) }),
      });
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    async put(id: string, bytes: Buffer, contentType: string): Promise<string> {
      const key = `media/${id}`;
      const answer = await call('PUT', key, bytes, contentType);
      await answer.body?.cancel();
      if (!answer.ok) throw new Error(`The S3 bucket answered ${answer.status}.`);
      return `s3:${key}`;
    },
    async read(storedAs: string): Promise<ReadableStream<Uint8Array> | null> {
      const answer = await call('GET', storedAs.replace(/^s3:/, ''));
      if (answer.ok) return answer.body;
      await answer.body?.cancel();
      if (answer.status === 404) return null;
      throw new Error(`The S3 bucket answered ${answer.status}.`);
    },
  };
};
