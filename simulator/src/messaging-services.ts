/** A Messaging Service: a pool of senders with shared webhooks. */
export interface Service {
  sid: string;
  accountSid: string;
  friendlyName: string;
  inboundRequestUrl: string | null;
  inboundMethod: 'GET' | 'POST';
  fallbackUrl: string | null;
  fallbackMethod: 'GET' | 'POST';
  statusCallback: string | null;
  useInboundWebhookOnNumber: boolean;
  stickySender: boolean;
  smartEncoding: boolean;
  mmsConverter: boolean;
  fallbackToLongCode: boolean;
  areaCodeGeomatch: boolean;
  validityPeriod: number;
  usecase: string;
  /** Advanced Opt-Out is switched on in Twilio's console; here by the control API. */
  advancedOptOut: boolean;
  createdAt: number;
  updatedAt: number;
  /** The pool: phone number SIDs in the order they joined, with when. */
  pool: Map<string, number>;
  /** Who texted whom last, so that a recipient keeps the sender they know. */
  sticky: Map<string, string>;
  turn: number;
}

export interface Services {
  get(sid: string): Service | undefined;
  of(accountSid: string): Service[];
  add(service: Service): void;
  remove(service: Service): void;
  /** The service whose pool holds this phone number SID. */
  holding(numberSid: string): Service | undefined;
  join(service: Service, numberSid: string, at: number): void;
  leave(numberSid: string): void;
  forgetSenders(): void;
  clear(): void;
}

/** Keeps the Messaging Services; a number is in one pool at most. */
export function createServices(): Services {
  const bySid = new Map<string, Service>();
  const holders = new Map<string, Service>();
  return {
    get: (sid) => bySid.get(sid),
    of: (accountSid) => [...bySid.values()].filter((service) => service.accountSid === accountSid).reverse(),
    add: (service) => void bySid.set(service.sid, service),
    remove(service) {
      bySid.delete(service.sid);
      for (const numberSid of service.pool.keys()) holders.delete(numberSid);
    },
    holding: (numberSid) => holders.get(numberSid),
    join(service, numberSid, at) {
      service.pool.set(numberSid, at);
      holders.set(numberSid, service);
    },
    leave(numberSid) {
      holders.get(numberSid)?.pool.delete(numberSid);
      holders.delete(numberSid);
    },
    forgetSenders() {
      for (const service of bySid.values()) service.sticky.clear();
    },
    clear() {
      bySid.clear();
      holders.clear();
    },
  };
}
