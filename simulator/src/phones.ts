import type { Phone, PhoneMessage } from '@trunkline/contract/simulator';

/** Texts a phone remembers; what left the house is in the ledger. */
const memory = 1000;

interface Handset {
  phone: Phone;
  messages: PhoneMessage[];
  watchers: Set<(message: PhoneMessage) => void>;
}

export interface Phones {
  all(): Phone[];
  label(number: string, label: string): Phone;
  get(number: string): Phone | undefined;
  /** Shows a text on the phone's screen, and tells its watchers when it arrived there. */
  show(number: string, message: PhoneMessage): void;
  messages(number: string, peer: string | null): PhoneMessage[];
  /** Calls `tell` for each arriving text until the returned function is called. */
  watch(number: string, tell: (message: PhoneMessage) => void): () => void;
  clear(): void;
}

/** The virtual phones. One that texts, is texted or is watched exists without being made. */
export function createPhones(): Phones {
  const handsets = new Map<string, Handset>();

  function handset(number: string): Handset {
    let found = handsets.get(number);
    if (!found) {
      found = { phone: { number, label: '' }, messages: [], watchers: new Set() };
      handsets.set(number, found);
    }
    return found;
  }

  return {
    all: () => [...handsets.values()].map(({ phone }) => phone),
    label(number, label) {
      const { phone } = handset(number);
      phone.label = label;
      return phone;
    },
    get: (number) => handsets.get(number)?.phone,
    show(number, message) {
      const { messages, watchers } = handset(number);
      messages.push(message);
      if (messages.length >= 2 * memory) messages.splice(0, messages.length - memory);
      if (message.direction === 'in') for (const tell of watchers) tell(message);
    },
    messages(number, peer) {
      const messages = handsets.get(number)?.messages ?? [];
      return messages.filter((message) => peer === null || message.peer === peer).slice(-memory);
    },
    watch(number, tell) {
      const { watchers } = handset(number);
      watchers.add(tell);
      return () => void watchers.delete(tell);
    },
    clear() {
      // Watchers stay: a browser that looks on goes on looking after a reset.
      for (const [number, { watchers, messages }] of handsets) {
        messages.length = 0;
        if (watchers.size === 0) handsets.delete(number);
      }
    },
  };
}
