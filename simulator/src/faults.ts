import { type Fault, faultSchema } from '@trunkline/contract/simulator';
import type { z } from 'zod';

export type SetFault = z.output<typeof faultSchema>;
export type Effect = SetFault['effect'];
export type EffectKind = Effect['kind'];

/** What a request or a webhook is about, as far as it is known. */
export interface FaultFacts {
  to?: string | null | undefined;
  from?: string | null | undefined;
  body?: string | null | undefined;
  status?: string | undefined;
}

export interface FaultEntry {
  id: string;
  fault: SetFault;
  used: number;
}

export interface Faults {
  /** Adds a fault; returns it with its id, or a sentence why its effect makes no sense there. */
  add(fault: Fault): FaultEntry | string;
  all(): FaultEntry[];
  remove(id: string): boolean;
  clear(): void;
  /** Returns the effect, among `kinds`, of the first fault that matches and is not used up, and counts it as used. */
  take<K extends EffectKind>(
    on: readonly SetFault['on'][],
    kinds: readonly K[],
    facts: FaultFacts,
  ): Extract<Effect, { kind: K }> | null;
}

const requestKinds: EffectKind[] = ['latency', 'error', 'timeout', 'reset'];
const allowed: Record<SetFault['on'], EffectKind[]> = {
  create: [...requestKinds, 'outcome', 'early'],
  list: requestKinds,
  fetch: requestKinds,
  request: requestKinds,
  inbound: ['latency', 'drop', 'repeat', 'shuffle'],
  status: ['latency', 'drop', 'repeat', 'shuffle', 'early', 'outcome'],
};

/** The faults that tests set, tried in the order they were set. */
export function createFaults(random: () => number = Math.random): Faults {
  let entries: FaultEntry[] = [];
  let serial = 0;
  return {
    add(input) {
      const fault = faultSchema.parse(input);
      if (!allowed[fault.on].includes(fault.effect.kind)) {
        return `A fault on "${fault.on}" cannot have the effect "${fault.effect.kind}"; it can have ${allowed[fault.on].join(', ')}.`;
      }
      const entry = { id: `fault-${++serial}`, fault, used: 0 };
      entries.push(entry);
      return entry;
    },
    all: () => entries,
    remove(id) {
      const before = entries.length;
      entries = entries.filter((entry) => entry.id !== id);
      return entries.length < before;
    },
    clear() {
      entries = [];
    },
    take<K extends EffectKind>(on: readonly SetFault['on'][], kinds: readonly K[], facts: FaultFacts) {
      for (const entry of entries) {
        const { fault } = entry;
        if (!on.includes(fault.on) || !(kinds as readonly EffectKind[]).includes(fault.effect.kind)) continue;
        if (fault.times !== undefined && entry.used >= fault.times) continue;
        if (!matches(fault.match, facts)) continue;
        if (fault.probability < 1 && random() >= fault.probability) continue;
        entry.used++;
        return fault.effect as Extract<Effect, { kind: K }>;
      }
      return null;
    },
  };
}

function matches(match: SetFault['match'], facts: FaultFacts): boolean {
  return (
    (match.to === undefined || match.to === facts.to) &&
    (match.from === undefined || match.from === facts.from) &&
    (match.bodyIncludes === undefined || (facts.body ?? '').includes(match.bodyIncludes)) &&
    (match.status === undefined || match.status === facts.status)
  );
}
