import { type SimulatorSettings, simulatorSettingsSchema } from '@trunkline/contract/simulator';
import { type Accounts, createAccounts } from './accounts.ts';
import { createFaults, type Faults } from './faults.ts';
import { type Blocks, createBlocks } from './keywords.ts';
import { createLedger, type Ledger } from './ledger.ts';
import type { Message } from './message.ts';
import { createMessageStore, type MessageStore } from './message-store.ts';
import { createServices, type Services } from './messaging-services.ts';
import { createNumbers, type Numbers } from './numbers.ts';
import { createPace, type Pace } from './pace.ts';
import { createPhones, type Phones } from './phones.ts';
import { createTimeline, type Timeline } from './timeline.ts';
import { createWebhookClient, type WebhookClient } from './webhooks/client.ts';
import { createWebhookLog, type WebhookLog } from './webhooks/log.ts';

/** Everything one simulator knows. Nothing of it is shared with another one in the same process. */
export interface World {
  readonly time: Timeline;
  readonly accounts: Accounts;
  readonly numbers: Numbers;
  readonly services: Services;
  readonly messages: MessageStore;
  readonly phones: Phones;
  readonly ledger: Ledger;
  readonly blocks: Blocks;
  readonly pace: Pace;
  readonly faults: Faults;
  readonly webhooks: WebhookLog;
  readonly client: WebhookClient;
  /** Replies sent in quick succession between two numbers (14107). */
  readonly replyRuns: Map<string, { count: number; lastAt: number }>;
  settings: SimulatorSettings;
  /** Where the simulator listens, known once it does. */
  url: string;
  /** API requests under way. */
  underWay: number;
  /** Called when the network has brought a message to its recipient. */
  arrive: (message: Message) => void;
}

/** Returns a new world with the demo account in it. */
export function createWorld(): World {
  const time = createTimeline();
  return {
    time,
    accounts: createAccounts(time.now()),
    numbers: createNumbers(),
    services: createServices(),
    messages: createMessageStore(),
    phones: createPhones(),
    ledger: createLedger(),
    blocks: createBlocks(),
    pace: createPace(),
    faults: createFaults(),
    webhooks: createWebhookLog(),
    client: createWebhookClient(),
    replyRuns: new Map(),
    settings: simulatorSettingsSchema.parse({}),
    url: '',
    underWay: 0,
    arrive: () => undefined,
  };
}

/** Forgets all traffic and all faults; with `everything` also accounts, numbers, services, settings and clock. */
export function resetWorld(world: World, everything: boolean): void {
  world.time.clear();
  world.messages.clear();
  world.phones.clear();
  world.ledger.clear();
  world.blocks.clear();
  world.pace.clear();
  world.faults.clear();
  world.webhooks.clear();
  world.replyRuns.clear();
  world.services.forgetSenders();
  if (!everything) return;
  world.time.synchronize();
  world.accounts.clear(world.time.now());
  world.numbers.clear();
  world.services.clear();
  world.settings = simulatorSettingsSchema.parse({});
}
