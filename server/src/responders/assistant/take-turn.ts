import type { Database } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Accept, Prepared } from '../../outbound/accept.ts';
import { backoff } from '../../outbound/backoff.ts';
import { readAssistant } from '../../store/assistants.ts';
import { readHistory, type StoredMessage } from '../../store/read-messages.ts';
import { answeredTexts, type ClaimedTurn, finishTurn, retryTurn } from '../../store/turns.ts';
import { answer } from './model/answer.ts';
import { ModelFailed } from './model/model-failed.ts';
import type { Models } from './model/models.ts';

export type TurnParts = {
  db: Database;
  accept: Accept;
  models: Models;
  log: Log;
  timeoutMs: number;
  attempts: number;
};

const historyLength = 50;
const firstBackoffSeconds = 2;

/** What the contact gets when the model failed for good (the words of seed 002). */
export const politeText =
  "I apologize, but I'm having trouble processing your message right now. Please try again later.";

const asPast = (message: StoredMessage) => ({
  role: message.direction === 'inbound' ? ('user' as const) : ('assistant' as const),
  text: message.body,
  mediaCount: message.mediaUrls.length,
});

/** Asks the model, turning whatever goes wrong into a ModelFailed. */
const ask = async (parts: TurnParts, turn: ClaimedTurn, history: StoredMessage[], signal: AbortSignal) => {
  const assistant = await readAssistant(parts.db, turn.organizationId, turn.assistantId);
  if (!assistant) throw new ModelFailed('The assistant is gone.', { retryable: false });
  return await answer({
    model: parts.models.find(assistant.model),
    instructions: assistant.instructions,
    history: history.map(asPast),
    signal,
    timeoutMs: parts.timeoutMs,
  });
};

/**
 * Takes one turn: shows the model the conversation and queues its reply in the transaction that ends the turn, so that a crash at
 * any point leaves either no reply and a turn to take again, or both.
 */
export const takeTurn = async (parts: TurnParts, turn: ClaimedTurn, signal: AbortSignal): Promise<void> => {
  const { db, accept, log } = parts;
  const recent = await readHistory(db, turn.organizationId, turn.conversationId, historyLength);
  const inbound = recent.filter((message) => message.direction === 'inbound');
  const answered = await answeredTexts(
    db,
    turn.organizationId,
    inbound.map((message) => message.id),
  );
  const open = inbound.filter((message) => !answered.has(message.id));
  const newest = open.at(-1)?.id;
  if (newest === undefined) {
    const end = { status: 'skipped' as const, replyMessageId: null, error: null };
    await finishTurn(db, turn, { ...end, answeredTo: turn.lastMessageId });
    return;
  }
  // They come last, even when a reply to earlier ones was written after they arrived.
  const history = [...recent.filter((message) => !open.includes(message)), ...open];

  let text: string;
  let failure: string | null = null;
  const began = performance.now();
  try {
    text = await ask(parts, turn, history, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    const failed = error instanceof ModelFailed;
    if (!failed) log.error({ error, turnId: turn.id }, 'a turn failed in an unforeseen way');
    failure = failed ? error.message : 'Something unforeseen went wrong; the log has it.';
    if ((!failed || error.retryable) && turn.attempt < parts.attempts)
      return retryTurn(db, turn, backoff(turn.attempt, firstBackoffSeconds, null), failure);
    text = politeText;
  }

  const end = {
    error: failure,
    answeredTo: newest,
    detail: {
      thoughtMs: Math.round(performance.now() - began),
      answered: open.map((message) => message.id),
    },
  };
  let reply: Prepared;
  try {
    reply = await accept.prepare({
      organizationId: turn.organizationId,
      conversationId: turn.conversationId,
      author: 'assistant',
      body: text,
      priority: 'high',
    });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    await finishTurn(db, turn, { ...end, status: 'failed', replyMessageId: null, error: error.detail });
    return;
  }
  const queued = await db.transaction(async (tx) => {
    const mine = await finishTurn(tx, turn, {
      ...end,
      status: failure === null ? 'done' : 'failed',
      replyMessageId: reply[0]!.id,
    });
    if (mine) await accept.enqueue(tx, reply);
    return mine;
  });
  if (queued) accept.wake(reply);
};
