import type { Signals } from '../../base/signals.ts';
import { type ClaimedTurn, claimTurns, renewTurns, retryTurn } from '../../store/turns.ts';
import { type TurnParts, takeTurn } from './take-turn.ts';

const pollMs = 1_000;

/** The worker that takes assistants' turns: many side by side, one at a time per conversation. */
export const runTurns = (
  parts: TurnParts & {
    signals: Signals;
    concurrency: number;
    leaseSeconds: number;
    /** Told each time the worker came round. */
    onRound?: () => void;
  },
) => {
  const { db, log, signals, concurrency, leaseSeconds } = parts;
  const underWay = new Set<ClaimedTurn>();
  const stopping = new AbortController();
  let claiming = false;
  let again = false;
  let timer: NodeJS.Timeout | undefined;
  let whenEmpty: (() => void) | undefined;

  const take = async (turn: ClaimedTurn) => {
    try {
      await takeTurn(parts, turn, stopping.signal);
      signals.raise('event');
    } catch (error) {
      if (stopping.signal.aborted)
        await retryTurn(db, turn, 0, 'The server stopped in the middle of the turn.').catch(() => {});
      else log.error({ error, turnId: turn.id }, 'a turn could not be taken; its lease will run out');
    }
    underWay.delete(turn);
    if (stopping.signal.aborted && underWay.size === 0) whenEmpty?.();
    void next();
  };

  const next = async () => {
    if (stopping.signal.aborted) return;
    if (claiming) {
      again = true;
      return;
    }
    const room = concurrency - underWay.size;
    if (room === 0) return;
    claiming = true;
    again = false;
    clearTimeout(timer);
    try {
      const turns = await claimTurns(db, room, leaseSeconds);
      for (const turn of turns) {
        underWay.add(turn);
        void take(turn);
      }
    } catch (error) {
      log.warn({ error }, 'turns could not be read, trying again');
    }
    claiming = false;
    parts.onRound?.();
    timer = setTimeout(next, pollMs);
    if (again) void next();
  };

  const renewing = setInterval(
    () => {
      if (underWay.size === 0) return;
      renewTurns(db, [...underWay], leaseSeconds).catch((error) =>
        log.warn({ error }, 'the leases of turns could not be renewed'),
      );
    },
    (leaseSeconds * 1000) / 3,
  );

  const off = signals.on('turn', () => void next());
  void next();

  return {
    /** Begins no more turns, interrupts those under way (they are taken again at the next start), and resolves when none is left. */
    async stop() {
      stopping.abort();
      off();
      clearTimeout(timer);
      clearInterval(renewing);
      while (claiming) await new Promise((resolve) => setImmediate(resolve));
      if (underWay.size > 0)
        await new Promise<void>((resolve) => {
          whenEmpty = resolve;
        });
    },
    busy: () => underWay.size,
  };
};
