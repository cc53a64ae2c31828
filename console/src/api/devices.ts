import type { Device, PairedDevice } from '@trunkline/contract/device';
import { request } from './request.ts';

const at = (id: string, rest = ''): string => `/v1/devices/${encodeURIComponent(id)}${rest}`;

/** Pairs a device; from now on it gets the texts to these numbers. Its token is in the answer, this once. */
export const pairDevice = (name: string, numberIds: readonly string[]): Promise<PairedDevice> =>
  request('/v1/devices', { method: 'POST', body: { name, numberIds } });

/** Names a device and sets the numbers whose texts it gets; it answers those that are new to it from then on. */
export const changeDevice = (id: string, name: string, numberIds: readonly string[]): Promise<Device> =>
  request(at(id), { method: 'PATCH', body: { name, numberIds } });

export const removeDevice = (id: string): Promise<void> => request(at(id), { method: 'DELETE' });

/** Makes a new token. The one before it works until this one is used, or for 10 minutes. */
export const rotateToken = (id: string): Promise<{ token: string }> =>
  request(at(id, '/token'), { method: 'POST' });

export const revokeToken = (id: string): Promise<void> => request(at(id, '/token'), { method: 'DELETE' });

/** Puts dead letters of the device back into its queue: those named, or all. Returns how many. */
export const replayTexts = async (id: string, textIds?: readonly string[]): Promise<number> => {
  const body = textIds ? { textIds } : {};
  return (await request<{ replayed: number }>(at(id, '/replay'), { method: 'POST', body })).replayed;
};
