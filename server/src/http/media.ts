import { z } from 'zod';
import type { Db } from '../base/db.ts';
import { Problem } from '../base/errors.ts';
import type { Signals } from '../base/signals.ts';
import { acceptedTypes } from '../media/accepted-types.ts';
import type { Media } from '../media/media.ts';
import { findMedia, type StoredMedia } from '../store/media.ts';
import { problemResponse } from './problems.ts';
import { type Route, route } from './route.ts';

/** How long a medium that is still being fetched is waited for, milliseconds. */
const patienceMs = 5_000;
/** A signal can be lost; then it is looked for so often. */
const lookMs = 500;

/** Resolves at the next signal, after `ms`, or when the caller has gone. */
const heard = (signals: Signals, ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      off();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    const off = signals.on('media', done);
    signal.addEventListener('abort', done);
  });

const forbidden = {
  wrong: new Problem(
    403,
    'invalid_signature',
    'This is not an address that was given out for this medium. Take it whole, as it is in `media` of the message.',
  ),
  expired: new Problem(
    403,
    'address_expired',
    'This address has expired. Get the message again: its `media` has a fresh one.',
  ),
};

const headersOf = (media: StoredMedia, goodForSeconds: number): Record<string, string> => {
  const type = media.contentType!;
  const ending = acceptedTypes[type.split(';')[0]!] ?? 'bin';
  return {
    'content-type': type,
    'content-length': String(media.bytes),
    'content-disposition': `inline; filename="media-${media.id.slice(-8)}.${ending}"`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': `private, max-age=${goodForSeconds}, immutable`,
  };
};

type Parts = { db: Db; signals: Signals; media: Pick<Media, 'addresses' | 'keep'> };

/** The address that a medium is fetched from, by whoever was given it: its signature is the permission. */
export const mediaRoutes = ({ db, signals, media: { addresses, keep } }: Parts): Route[] => {
  /** The medium, waited for while it is being fetched; null: there is none. */
  const settled = async (id: string, signal: AbortSignal): Promise<StoredMedia | null> => {
    const until = performance.now() + patienceMs;
    for (;;) {
      const media = await findMedia(db, id);
      const left = until - performance.now();
      if (media?.status !== 'waiting' || left <= 0 || signal.aborted) return media;
      await heard(signals, Math.min(left, lookMs), signal);
    }
  };

  return [
    route({
      method: 'get',
      path: '/media/{id}',
      who: 'public',
      summary: 'Fetch a picture or another medium of a text, by the signed address given with the text',
      query: z.object({ until: z.string().default(''), signature: z.string().default('') }),
      answers: { status: 200, description: 'Its bytes, with the content type that they have.' },
      handler: async ({ id, query, request, signal }) => {
        const checked = addresses.check(id, query.until, query.signature);
        if (!checked.ok) throw forbidden[checked.reason];
        const media = await settled(id, signal);
        if (!media) throw new Problem(404, 'not_found', 'There is no such medium any more.');
        if (media.status === 'failed') throw new Problem(410, 'media_failed', media.reason ?? 'It is gone.');
        if (media.status === 'waiting') {
          const problem = new Problem(
            503,
            'media_not_fetched_yet',
            'It has not been fetched from the provider yet. Try again in some seconds.',
          );
          const response = problemResponse(problem);
          response.headers.set('retry-after', '5');
          return response;
        }
        const headers = headersOf(media, checked.goodForSeconds);
        if (request.method === 'HEAD') return new Response(null, { headers });
        const bytes = await keep.read(media.storedAs!);
        if (!bytes)
          throw new Problem(410, 'media_lost', 'Its file is gone from the place where it was kept.');
        return new Response(bytes, { headers });
      },
    }),
  ];
};
