import { now } from '../base/clock.ts';

/** What the gate looks at. */
export type AtGate = { sendAt: Date | null; expiresAt: Date | null };

/** Let through, held until a time (null: until a person releases it), or refused for good; each with a sentence a person understands. */
export type Verdict =
  | { kind: 'pass' }
  | { kind: 'hold'; reason: string; until: Date | null }
  | { kind: 'refuse'; status: 'expired'; reason: string };

type Check = (message: AtGate, at: Date) => Verdict | null;

const refuseLate: Check = ({ expiresAt }, at) =>
  expiresAt && expiresAt <= at
    ? { kind: 'refuse', status: 'expired', reason: 'Its time was over before it could be sent.' }
    : null;

const holdUntilItsTime: Check = ({ sendAt }, at) =>
  sendAt && sendAt > at
    ? { kind: 'hold', reason: `Scheduled for ${sendAt.toISOString()}.`, until: sendAt }
    : null;

/** The checks every outgoing text passes, in order; the first that says something decides. */
const checks: Check[] = [refuseLate, holdUntilItsTime];

/** The one gate: whoever wrote a text, it goes out only if this says pass. */
export const gate = (message: AtGate): Verdict => {
  const at = now();
  for (const check of checks) {
    const verdict = check(message, at);
    if (verdict) return verdict;
  }
  return { kind: 'pass' };
};
