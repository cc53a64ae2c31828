import type { PhoneNumber } from '@trunkline/contract';
import type { Device, PairedDevice } from '@trunkline/contract/device';
import { request } from './request.ts';

const at = (id: string, rest = ''): string => `/v1/devices/${encodeURIComponent(id)}${rest}`;

/** Lets devices answer these numbers; those they answer already are left as they are. */
const letDevicesAnswer = (numbers: readonly PhoneNumber[]): Promise<unknown> =>
  Promise.all(
    numbers
      .filter((number) => number.responder.kind !== 'device')
      .map((number) =>
        request(`/v1/numbers/${encodeURIComponent(number.id)}`, {
          method: 'PATCH',
          body: { responder: { kind: 'device' } },
        }),
      ),
  );

/** Pairs a device; from now on it gets the texts to these numbers. Its token is in the answer, this once. */
export const pairDevice = (name: string, numberIds: readonly string[]): Promise<PairedDevice> =>
  request('/v1/devices', { method: 'POST', body: { name, numberIds } });

/** Names a device and sets the numbers whose texts it gets, which devices answer from then on. */
export const changeDevice = async (
  id: string,
  name: string,
  numbers: readonly PhoneNumber[],
): Promise<Device> => {
  const body = { name, numberIds: numbers.map((number) => number.id) };
  const device = await request<Device>(at(id), { method: 'PATCH', body });
  await letDevicesAnswer(numbers);
  return device;
};

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
