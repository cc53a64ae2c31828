import type { Database } from '../../../base/db.ts';
import type { Log } from '../../../base/log.ts';
import type { Signals } from '../../../base/signals.ts';
import type { Receive } from '../../../inbound/receive.ts';
import type { Directory } from '../../../store/directory.ts';
import type { IdentifyDevice } from './who-may.ts';

/** What the relay for old clients is made of. */
export type RelayParts = {
  db: Database;
  directory: Directory;
  receive: Receive;
  log: Log;
  signals: Signals;
  /** Demo mode: open to this machine. */
  demo: boolean;
  /** Numbers that are open to anybody, in E.164. */
  openNumbers: string[];
  /** How long after its last poll a device counts as online, seconds. */
  onlineSeconds: number;
  /** Texts that may wait for a device. */
  queueLimit: number;
  identifyDevice: IdentifyDevice;
  /** Demo mode: makes the simulator own a number, with our webhook on it; null: there is none. */
  ownNumber: ((phoneNumber: string) => Promise<void>) | null;
  /** The address a device can fetch a medium of a message at; null: as it came. */
  mediaUrl: MediaUrl;
};

/** The first medium of each of these messages, as an address without the provider's credentials. */
export type MediaUrl = (organizationId: string, messageIds: string[]) => Promise<Map<string, string>>;
