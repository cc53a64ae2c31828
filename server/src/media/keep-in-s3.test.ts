import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../base/ids.ts';
import { createKeep } from './keep.ts';
import { keepInS3 } from './keep-in-s3.ts';

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex');

/**
 * Why a signature is not good, or null: written anew from Amazon's description
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
 */
const wrongWith = (request: IncomingMessage, body: Buffer, secret: string): string | null => {
  const found =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    );
  if (!found) return 'no signature';
  const [, , day, region, names, signature] = found as unknown as string[];
  const hash = String(request.headers['x-amz-content-sha256']);
  if (hash !== sha256(body)) return 'another body';
  if (!names!.split(';').includes('host')) return 'the host is not signed';
  const at = String(request.headers['x-amz-date']);
  if (
    !at.startsWith(day!) ||
    Math.abs(Date.parse(at.replace(/(....)(..)(..T..)(..)/, '$1-$2-$3:$4:')) - Date.now()) > 300_000
  )
    return 'another day';
  const url = new URL(request.url!, 'http://s3');
  const canonical = [
    request.method,
    url.pathname,
    url.search.slice(1),
    ...names!.split(';').map((name) => `${name}:${String(request.headers[name]).trim()}`),
    '',
    names,
    hash,
  ].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const key = ['s3', 'aws4_request'].reduce(
    (all, part) => hmac(all, part),
    hmac(hmac(`AWS4${secret}`, day!), region!),
  );
  const expected = hmac(key, ['AWS4-HMAC-SHA256', at, scope, sha256(canonical)].join('\n')).toString('hex');
  return signature === expected ? null : 'another signature';
};

const secret = 'secret/of+the=bucket';
const objects = new Map<string, { bytes: Buffer; contentType: string | undefined }>();
const complaints: string[] = [];
let answerWith = 0;
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const wrong = wrongWith(request, body, secret);
  if (wrong !== null) complaints.push(wrong);
  const status = answerWith || (wrong === null ? 200 : 403);
  const path = request.url!;
  if (status !== 200) response.writeHead(status).end('<Error/>');
  else if (request.method === 'PUT') {
    objects.set(path, { bytes: body, contentType: request.headers['content-type'] });
    response.end();
  } else if (objects.has(path)) response.end(objects.get(path)!.bytes);
  else response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
});

let s3: { bucket: string; region: string; endpoint: string; accessKeyId: string; secretAccessKey: string };
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  s3 = {
    bucket: 'texts',
    region: 'eu-central-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accessKeyId: 'AKIA0',
    secretAccessKey: secret,
  };
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

test('an object is put and read with signatures that the bucket accepts', async () => {
  const bucket = keepInS3(s3);
  const id = newId();
  const bytes = Buffer.alloc(200_000, 'picture');
  const storedAs = await bucket.put(id, bytes, 'image/png');
  expect(storedAs).toBe(`s3:media/${id}`);
  expect(complaints).toEqual([]);
  expect(objects.get(`/texts/media/${id}`)).toEqual({ bytes, contentType: 'image/png' });
  expect(Buffer.from(await new Response(await bucket.read(storedAs)).arrayBuffer()).equals(bytes)).toBe(true);
  expect(complaints).toEqual([]);
});

test('what is gone is null; what is refused is an error without a secret', async () => {
  const bucket = keepInS3(s3);
  expect(await bucket.read(`s3:media/${newId()}`)).toBeNull();
  const wrong = keepInS3({ ...s3, secretAccessKey: 'another' });
  await expect(wrong.put(newId(), Buffer.from('x'), 'text/plain')).rejects.toThrow(
    /^The S3 bucket answered 403\.$/,
  );
  expect(complaints.splice(0)).toEqual(['another signature']);
  answerWith = 503;
  await expect(bucket.read(`s3:media/${newId()}`)).rejects.toThrow('503');
  await expect(bucket.put(newId(), Buffer.from('x'), 'text/plain')).rejects.toThrow('503');
  answerWith = 0;
});

test('what is on the disk is still read there once a bucket is set', async () => {
  const { mkdtemp, rm } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  const folder = await mkdtemp(`${tmpdir()}/trunkline-media-`);
  const [one, two] = [newId(), newId()];
  const onDisk = await createKeep({ folder, s3: null }).put(one, Buffer.from('disk'), 'text/plain');
  const keep = createKeep({ folder, s3 });
  const inBucket = await keep.put(two, Buffer.from('bucket'), 'text/plain');
  expect([onDisk, inBucket]).toEqual([`disk:${one}`, `s3:media/${two}`]);
  expect(await new Response(await keep.read(onDisk)).text()).toBe('disk');
  expect(await new Response(await keep.read(inBucket)).text()).toBe('bucket');
  expect(() => createKeep({ folder, s3: null }).read(inBucket)).toThrow('none is set');
  await rm(folder, { recursive: true });
});
