import type { Signals } from '../../base/signals.ts';
import { workByLease } from '../../base/work-by-lease.ts';
import { type ClaimedTurn, claimTurns, renewTurns, retryTurn } from '../../store/turns.ts';
import { type TurnParts, takeTurn } from './take-turn.ts';

type Parts = TurnParts & {
  signals: Signals;
  concurrency: number;
  leaseSeconds: number;
  /** Told each time the worker came round. */
  onRound?: () => void;
};

/**
 * The worker that takes assistants' turns: many side by side, one at a time per conversation. Stopped, it interrupts those under way, and
 * they are taken again at the next start.
 */
export const runTurns = (parts: Parts) => {
  const { db, log, signals, concurrency, leaseSeconds } = parts;
  return workByLease<ClaimedTurn>({
    name: 'turns',
    log,
    concurrency,
    onRound: parts.onRound,
    onWake: (heard) => signals.on('turn', heard),
    claim: (room) => claimTurns(db, room, leaseSeconds),
    renew: { leases: (turns) => renewTurns(db, turns, leaseSeconds), everyMs: (leaseSeconds * 1000) / 3 },
    async work(turn, stopping) {
      await takeTurn(parts, turn, stopping);
      signals.raise('event');
    },
    async failed(turn, error, stopping) {
      if (stopping) await retryTurn(db, turn, 0, 'The server stopped in the middle of the turn.');
      else log.error({ error, turnId: turn.id }, 'a turn could not be taken; its lease will run out');
    },
  });
};
