import { Problem } from '../base/errors.ts';

/** The most a JSON body may have, bytes. */
const most = 1024 * 1024;

/** Reads a request's text, refusing more than `limit` bytes before keeping them. */
export const readText = async (request: Request, limit = most): Promise<string> => {
  const tooLarge = () =>
    new Problem(413, 'too_large', `The body is larger than ${Math.round(limit / 1024)} kB.`);
  const length = Number(request.headers.get('content-length') ?? 0);
  if (length > limit) throw tooLarge();
  // A declared length is kept by the HTTP parser; only a chunked body has to be counted.
  if (length > 0 || request.body === null) return request.text();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body as ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > limit) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

/** Reads a JSON body. Throws Problem 413, 415 or 400. */
export const readJson = async (request: Request): Promise<unknown> => {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/([\w.+-]+\+)?json\b/i.test(type))
    throw new Problem(415, 'unsupported_media_type', 'Send JSON with Content-Type: application/json.');
  const text = await readText(request);
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem(400, 'invalid_json', 'The body is not JSON.');
  }
};
