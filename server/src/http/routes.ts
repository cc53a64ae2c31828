import type { Database } from '../base/db.ts';
import type { Signals } from '../base/signals.ts';
import type { EventStream } from '../events/stream.ts';
import type { Receive } from '../inbound/receive.ts';
import type { Media } from '../media/media.ts';
import type { Accept } from '../outbound/accept.ts';
import type { Models } from '../responders/assistant/model/models.ts';
import type { Line } from '../responders/device/line.ts';
import type { Directory } from '../store/directory.ts';
import type { ProviderAccounts } from '../store/provider-accounts.ts';
import { accessRoutes } from './api/access.ts';
import { assistantRoutes } from './api/assistants.ts';
import { conversationRoutes } from './api/conversations.ts';
import { deviceProtocolRoutes } from './api/device-protocol.ts';
import { deviceRoutes } from './api/devices.ts';
import { eventRoutes } from './api/events.ts';
import { messageRoutes } from './api/messages.ts';
import { numberRoutes } from './api/numbers.ts';
import { operationRoutes } from './api/operations.ts';
import { providerAccountRoutes } from './api/provider-accounts.ts';
import { quarantineRoutes } from './api/quarantine.ts';
import type { Auth } from './auth/auth.ts';
import type { createFirstRun } from './auth/first-run.ts';
import type { Identify } from './auth/identify.ts';
import type { IdentifyDevice } from './auth/identify-device.ts';
import type { Heartbeats } from './health.ts';
import { mediaRoutes } from './media.ts';
import type { Metrics } from './metrics.ts';
import type { Route } from './route.ts';

export type ApiParts = {
  db: Database;
  signals: Signals;
  stream: EventStream;
  receive: Receive;
  accept: Accept;
  models: Models;
  media: Media;
  directory: Directory;
  accounts: ProviderAccounts;
  auth: Auth;
  identify: Identify;
  devices: {
    identify: IdentifyDevice;
    /** To those that are connected to this process. */
    line: Line;
    /** How long after it was last heard of a device counts as online, seconds. */
    onlineSeconds: number;
    /** Where a device fetches one of our media. */
    mediaUrl: (mediaId: string) => string;
  };
  firstRun: ReturnType<typeof createFirstRun>;
  publicUrl: string;
  statusCallbackUrl: string | null;
  simulatorUrl: string | null;
  metrics: Metrics;
  heartbeats: Heartbeats;
};

/** The API as one table; each file under api/ holds the rows of one resource. */
export const createRoutes = (parts: ApiParts): { routes: Route[]; close(): void } => {
  const events = eventRoutes(parts);
  return {
    routes: [
      ...messageRoutes(parts),
      ...conversationRoutes(parts),
      ...numberRoutes(parts),
      ...providerAccountRoutes(parts),
      ...assistantRoutes(parts),
      ...deviceRoutes({ ...parts, ...parts.devices }),
      ...deviceProtocolRoutes({ ...parts, ...parts.devices }),
      ...mediaRoutes(parts),
      ...quarantineRoutes(parts),
      ...accessRoutes(parts),
      ...events,
      ...operationRoutes(parts),
    ],
    /** Ends what would keep the server from stopping: open streams and polls that wait. */
    close() {
      events.close();
      void parts.devices.line.close();
    },
  };
};
