/** A number an account owns: Twilio's IncomingPhoneNumber. */
export interface OwnedNumber {
  sid: string;
  accountSid: string;
  phoneNumber: string;
  friendlyName: string;
  smsUrl: string;
  smsMethod: 'GET' | 'POST';
  smsFallbackUrl: string;
  smsFallbackMethod: 'GET' | 'POST';
  statusCallback: string;
  statusCallbackMethod: 'GET' | 'POST';
  createdAt: number;
  updatedAt: number;
}

export interface Numbers {
  bySid(sid: string): OwnedNumber | undefined;
  byNumber(phoneNumber: string): OwnedNumber | undefined;
  of(accountSid: string): OwnedNumber[];
  add(number: OwnedNumber): void;
  move(number: OwnedNumber, phoneNumber: string): void;
  remove(number: OwnedNumber): void;
  clear(): void;
}

/** Keeps who owns which number; a number has one owner at most. */
export function createNumbers(): Numbers {
  const sids = new Map<string, OwnedNumber>();
  const owners = new Map<string, OwnedNumber>();
  return {
    bySid: (sid) => sids.get(sid),
    byNumber: (phoneNumber) => owners.get(phoneNumber),
    of: (accountSid) => [...sids.values()].filter((number) => number.accountSid === accountSid).reverse(),
    add(number) {
      sids.set(number.sid, number);
      owners.set(number.phoneNumber, number);
    },
    move(number, phoneNumber) {
      owners.delete(number.phoneNumber);
      number.phoneNumber = phoneNumber;
      owners.set(phoneNumber, number);
    },
    remove(number) {
      sids.delete(number.sid);
      owners.delete(number.phoneNumber);
    },
    clear() {
      sids.clear();
      owners.clear();
    },
  };
}
