import { queryOptions } from '@tanstack/react-query';
import type { Phone, PhoneMessage, PhoneText } from '@trunkline/contract/simulator';
import { request } from './request.ts';

const at = (simulatorUrl: string, number?: string, rest = ''): string =>
  `${simulatorUrl.replace(/\/$/, '')}/simulator/phones${number === undefined ? '' : `/${encodeURIComponent(number)}`}${rest}`;

/** The simulator answers lists bare or as `{data}`; both are read. */
const rows = <T>(answer: T[] | { data: T[] }): T[] => (Array.isArray(answer) ? answer : answer.data);

export const phonesQuery = (simulatorUrl: string) =>
  queryOptions({
    queryKey: ['phones', simulatorUrl],
    queryFn: async ({ signal }) =>
      rows(await request<Phone[] | { data: Phone[] }>(at(simulatorUrl), { signal })),
  });

/** What is on one phone's screen with one of our numbers, oldest first. */
export const screenQuery = (simulatorUrl: string, phone: string, peer: string) =>
  queryOptions({
    queryKey: ['screen', phone, peer],
    queryFn: async ({ signal }) => {
      const path = at(simulatorUrl, phone, `/messages?with=${encodeURIComponent(peer)}`);
      const answer = await request<PhoneMessage[] | { data: PhoneMessage[] }>(path, { signal });
      return rows(answer).toSorted((one, other) => one.at.localeCompare(other.at));
    },
  });

/** Adds the virtual phone, or names it anew. */
export const putPhone = (simulatorUrl: string, phone: Phone): Promise<unknown> =>
  request(at(simulatorUrl, phone.number), { method: 'PUT', body: { label: phone.label } });

/** Texts from the virtual phone; returns what then stands on its screen. */
export const textFromPhone = (simulatorUrl: string, phone: string, text: PhoneText): Promise<PhoneMessage> =>
  request(at(simulatorUrl, phone, '/messages'), { method: 'POST', body: text });

/** Calls `heard` for every text that comes to or leaves the phone; returns the function that stops it. */
export const followPhone = (simulatorUrl: string, phone: string, heard: () => void): (() => void) => {
  const source = new EventSource(at(simulatorUrl, phone, '/events'));
  source.addEventListener('message', heard);
  source.addEventListener('open', heard);
  return () => source.close();
};
