import type { Db } from '../base/db.ts';
import type { Fetched, GuardedFetch } from '../base/guarded-fetch.ts';
import type { Log } from '../base/log.ts';
import type { Provider } from '../providers/provider.ts';
import type { Directory } from '../store/directory.ts';
import { type ClaimedMedia, endMedia, type MediaEnd, recordDeletion } from '../store/media.ts';
import type { Keep } from './keep.ts';
import { sniff } from './sniff.ts';

export type FetchMediaParts = {
  db: Db;
  directory: Directory;
  provider: Provider;
  guarded: GuardedFetch;
  keep: Keep;
  log: Log;
  maxBytes: number;
  timeoutMs: number;
  attempts: number;
  deleteAtProvider: boolean;
};

const firstWaitMs = 1_000;
const longestWaitMs = 600_000;

/** Doubled each time, up to ten minutes; not less than the host asks, up to that too. */
const waitAfter = (attempt: number, retryAfter: string | undefined): number => {
  const asked = /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) * 1000 : 0;
  return Math.min(longestWaitMs, Math.max(asked, firstWaitMs * 2 ** (attempt - 1)));
};

type Answered = Extract<Fetched, { kind: 'answered' }>;
type Judged = { ok: true; answer: Answered } | { ok: false; end: MediaEnd };

/** What an exchange means: bytes to look at, a refusal for good, or another try. */
const judge = (fetched: Fetched, attempt: number): Judged => {
  if (fetched.kind === 'refused')
    return { ok: false, end: { kind: 'failed', reason: `It was not fetched: ${fetched.reason}.` } };
  const again = (reason: string, retryAfter?: string): Judged => ({
    ok: false,
    end: { kind: 'retrying', reason, afterMs: waitAfter(attempt, retryAfter) },
  });
  if (fetched.kind === 'failed') return again(`It could not be fetched: ${fetched.reason}.`);
  const { status, headers, body } = fetched;
  if (status === 410)
    return { ok: false, end: { kind: 'failed', reason: 'The provider has deleted it (HTTP 410).' } };
  // The rest may mend itself: a 404 is often there a moment later, a 401 when the token is put right.
  if (status < 200 || status > 299)
    return again(`The provider answered HTTP ${status}.`, headers['retry-after']);
  if (body.length === 0) return again('The provider answered with nothing in it.');
  return { ok: true, answer: fetched };
};

const credentialsFor = async (directory: Directory, media: ClaimedMedia) => {
  const number = await directory.numberById(media.organizationId, media.numberId);
  const account = number && (await directory.accountById(number.providerAccountId));
  return account?.credentials ?? null;
};

/**
 * Fetches one medium from the provider, checks it, keeps it, and only then says so: a crash anywhere leaves it to be fetched again.
 * @throws when the database or the place for media is away; its lease runs out then.
 */
export const fetchMedia = async (
  parts: FetchMediaParts,
  media: ClaimedMedia,
  signal: AbortSignal,
): Promise<void> => {
  const { db, directory, provider, guarded, keep, log, maxBytes, timeoutMs, attempts } = parts;
  const end = (given: MediaEnd) =>
    endMedia(
      db,
      media,
      given.kind === 'retrying' && media.attempt >= attempts
        ? { kind: 'failed', reason: `${given.reason} That was attempt ${media.attempt}, the last.` }
        : given,
    );

  if (media.attempt > attempts) {
    await end({ kind: 'failed', reason: 'The server stopped in the middle of it each time.' });
    return;
  }
  const credentials = await credentialsFor(directory, media);
  if (!credentials) {
    await end({
      kind: 'failed',
      reason: 'The number it came to is gone, and with it the account to fetch it with.',
    });
    return;
  }
  const { headers, deleteUrl } = provider.mediaRequest(media.url, credentials);
  const judged = judge(
    await guarded.fetch(media.url, { headers, maxBytes, timeoutMs, signal }),
    media.attempt,
  );
  // Interrupted by the stop of the server: that says nothing about the medium.
  if (signal.aborted) signal.throwIfAborted();
  if (!judged.ok) {
    await end(judged.end);
    return;
  }
  const { body } = judged.answer;
  const sniffed = await sniff(body, media.announced ?? judged.answer.headers['content-type'] ?? null);
  if (!sniffed.ok) {
    await end({ kind: 'failed', reason: sniffed.reason });
    return;
  }
  let storedAs: string;
  try {
    storedAs = await keep.put(media.id, body, sniffed.contentType);
  } catch (error) {
    log.error({ error, mediaId: media.id }, 'a medium could not be stored');
    const reason = 'It was fetched, but could not be stored here; the log has why.';
    await end({ kind: 'retrying', reason, afterMs: waitAfter(media.attempt, undefined) });
    return;
  }
  const { contentType } = sniffed;
  if (!(await end({ kind: 'stored', contentType, bytes: body.length, storedAs }))) return;
  if (parts.deleteAtProvider && deleteUrl !== null) {
    const deleted = await guarded.fetch(deleteUrl, {
      method: 'DELETE',
      headers,
      maxBytes: 64 * 1024,
      timeoutMs,
    });
    await recordDeletion(db, media, whyNotDeleted(deleted));
  }
};

/** Null: it is gone there, or was before. */
const whyNotDeleted = (fetched: Fetched): string | null => {
  if (fetched.kind !== 'answered') return `The provider could not be asked: ${fetched.reason}.`;
  const { status } = fetched;
  return (status >= 200 && status < 300) || status === 404 ? null : `The provider answered HTTP ${status}.`;
};
