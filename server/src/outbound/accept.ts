import type { AcceptedMessage, NewMessage, Priority } from '@trunkline/contract';
import { now } from '../base/clock.ts';
import type { Db } from '../base/db.ts';
import { Problem } from '../base/errors.ts';
import { gather } from '../base/gather.ts';
import { newId } from '../base/ids.ts';
import { parsePhone } from '../base/phone.ts';
import { countSegments } from '../base/segments.ts';
import type { Signals } from '../base/signals.ts';
import { splitText } from '../base/split-text.ts';
import { enqueue, type Outgoing } from '../queue/enqueue.ts';
import type { Directory } from '../store/directory.ts';
import type { Conversations } from '../store/ensure-conversations.ts';
import type { OwnNumber } from '../store/numbers.ts';
import { readConversation } from '../store/read-conversations.ts';
import { gate } from './gate.ts';

/** The most characters the provider takes in one message. */
const maxCharacters = 1_600;

export type ToAccept = NewMessage & {
  organizationId: string;
  author: 'api' | 'assistant' | 'person' | 'device';
};

/** A text's parts, complete and ready for the queue; a short text has one. */
export type Prepared = Outgoing[];

type Parts = {
  db: Db;
  directory: Directory;
  conversations: Conversations;
  signals: Signals;
  longTexts: 'split' | 'refuse';
};

const invalid = (path: string, message: string) =>
  new Problem(400, 'invalid_request', message, [{ path, message }]);

/** The way in for every outgoing text, whoever wrote it. */
export const createAccept = ({ db, directory, conversations, signals, longTexts }: Parts) => {
  const insert = gather(async (batch: Prepared[]) => {
    await enqueue(db, batch.flat());
    return batch;
  });

  const senderOf = async (text: ToAccept): Promise<OwnNumber> => {
    const numbers = await directory.numbers(text.organizationId);
    if (text.from === undefined) {
      if (numbers[0]) return numbers[0];
      throw new Problem(409, 'no_number', 'The organization has no number to send from: add one first.');
    }
    const from = parsePhone(text.from);
    const wanted = from.ok ? from.e164 : text.from;
    const number = numbers.find((one) => one.phoneNumber === wanted);
    if (!number) throw invalid('from', 'This is not a number of the organization.');
    return number;
  };

  const addressed = async (text: ToAccept) => {
    if (text.conversationId !== undefined) {
      const conversation = await readConversation(db, text.organizationId, text.conversationId);
      if (!conversation) throw new Problem(404, 'not_found', 'There is no such conversation.');
      if (text.to !== undefined || text.from !== undefined)
        throw invalid('conversationId', 'Give either conversationId, or to and from.');
      return {
        numberId: conversation.number.id,
        from: conversation.number.phoneNumber,
        to: conversation.contact.phoneNumber,
        conversationId: conversation.id,
      };
    }
    if (text.to === undefined) throw invalid('to', 'Give to or conversationId.');
    const to = parsePhone(text.to);
    if (!to.ok) throw invalid('to', to.problem);
    const number = await senderOf(text);
    if (number.phoneNumber === to.e164) throw invalid('to', 'A number cannot text itself.');
    const { conversationId } = await conversations.of(text.organizationId, number.id, to.e164);
    return { numberId: number.id, from: number.phoneNumber, to: to.e164, conversationId };
  };

  const cut = (body: string): string[] => {
    if (body.length <= maxCharacters) return [body];
    if (longTexts === 'refuse')
      throw invalid('body', `The text has ${body.length} characters; at most ${maxCharacters} are taken.`);
    return splitText(body, maxCharacters);
  };

  return {
    /**
     * Checks a text and makes it ready for the queue, without writing it: number and contact, parts, segments, what the gate says now.
     * @throws Problem 400, 404 or 409 that says what is wrong.
     */
    async prepare(text: ToAccept): Promise<Prepared> {
      const body = text.body ?? '';
      const mediaUrls = text.mediaUrls ?? [];
      if (body.trim() === '' && mediaUrls.length === 0) throw invalid('body', 'Give a body or mediaUrls.');
      if (body.includes('\0')) throw invalid('body', 'The text holds a NUL character.');
      const sendAt = text.sendAt === undefined ? null : new Date(text.sendAt);
      const expiresAt = text.expiresAt === undefined ? null : new Date(text.expiresAt);
      const verdict = gate({ sendAt, expiresAt });
      if (verdict.kind === 'refuse') throw invalid('expiresAt', 'expiresAt is in the past.');
      if (sendAt && expiresAt && expiresAt <= sendAt)
        throw invalid('expiresAt', 'expiresAt is not after sendAt.');
      const bodies = cut(body);
      // Last of the checks: it makes the contact and the conversation.
      const { numberId, from, to, conversationId } = await addressed(text);
      const createdAt = now();
      return bodies.map((part, index) => {
        const { encoding, segments } = countSegments(part);
        return {
          organizationId: text.organizationId,
          id: newId(),
          conversationId,
          numberId,
          author: text.author,
          from,
          to,
          body: part,
          // Pictures go with the first part.
          mediaUrls: index === 0 ? mediaUrls : [],
          segments,
          encoding,
          priority: text.priority ?? 'normal',
          part: bodies.length === 1 ? null : { index: index + 1, count: bodies.length },
          metadata: text.metadata ?? {},
          hold: verdict.kind === 'hold' ? { reason: verdict.reason, until: verdict.until } : null,
          sendAt,
          expiresAt,
          createdAt,
        };
      });
    },

    /** Queues prepared texts in the caller's transaction. Call `wake` once it has committed. */
    enqueue: (tx: Db, prepared: Prepared) => enqueue(tx, prepared),

    /** Tells workers and watchers about texts that are committed. */
    wake(prepared: Prepared) {
      const last = prepared.at(-1)!;
      if (!last.hold) signals.raise('send');
      signals.raise('event');
    },

    /** Takes a text: when this resolves it is durably in the queue. */
    async accept(text: ToAccept): Promise<AcceptedMessage> {
      const prepared = await this.prepare(text);
      await insert(prepared);
      this.wake(prepared);
      return presentAccepted(prepared);
    },
  };
};
export type Accept = ReturnType<typeof createAccept>;

/** The answer to an accepted text: its first part, and the ids of all. */
const presentAccepted = (prepared: Prepared): AcceptedMessage => {
  const first = prepared[0]!;
  const iso = (date: Date | null) => date?.toISOString() ?? null;
  return {
    id: first.id,
    conversationId: first.conversationId,
    direction: 'outbound',
    status: first.hold ? 'held' : 'queued',
    from: first.from,
    to: first.to,
    body: first.body,
    mediaUrls: first.mediaUrls,
    media: [],
    segments: first.segments,
    encoding: first.encoding,
    priority: first.priority as Priority,
    hold: first.hold ? { reason: first.hold.reason, until: iso(first.hold.until) } : null,
    providerSid: null,
    errorCode: null,
    errorMessage: null,
    attempts: 0,
    author: first.author,
    part: first.part,
    sendAt: iso(first.sendAt),
    expiresAt: iso(first.expiresAt),
    metadata: first.metadata,
    createdAt: first.createdAt.toISOString(),
    sentAt: null,
    deliveredAt: null,
    partIds: prepared.map((part) => part.id),
  };
};
