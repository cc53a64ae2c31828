import { newSid } from '../ids.ts';
import type { OwnedNumber } from '../numbers.ts';
import { isPhoneNumber, readNumber } from '../validity.ts';
import { numberJson } from './number-json.ts';
import { noContent, notFound, ok, type Reply, refuse } from './reply.ts';
import type { ApiRequest } from './request.ts';

/** GET and POST IncomingPhoneNumbers. */
export function manyNumbers(request: ApiRequest): Reply {
  return request.method === 'POST' ? buyNumber(request) : listNumbers(request);
}

/** GET, POST and DELETE IncomingPhoneNumbers/{sid}. */
export function oneNumber(request: ApiRequest, sid: string): Reply {
  const { world, account, method, path, form } = request;
  const number = world.numbers.bySid(sid);
  if (number?.accountSid !== account.sid) return notFound(path);
  if (method === 'POST') applyForm(number, form, world.time.now());
  if (method === 'DELETE') {
    world.services.leave(number.sid);
    world.numbers.remove(number);
    return noContent;
  }
  return ok(numberJson(number));
}

function listNumbers({ world, account, query, path }: ApiRequest): Reply {
  const wanted = query.get('PhoneNumber') ? readNumber(query.get('PhoneNumber')) : null;
  const name = query.get('FriendlyName');
  const size = Math.min(Math.max(Number(query.get('PageSize') ?? 50) || 50, 1), 1000);
  const page = Math.max(Number(query.get('Page') ?? 0) || 0, 0);
  const all = world.numbers
    .of(account.sid)
    .filter((number) => wanted === null || number.phoneNumber.includes(wanted))
    .filter((number) => name === null || number.friendlyName === name);
  const shown = all.slice(page * size, (page + 1) * size);
  const uri = (wantedPage: number) => {
    const params = new URLSearchParams(query);
    params.set('PageSize', String(size));
    params.set('Page', String(wantedPage));
    return `${path}?${params}`;
  };
  return ok({
    incoming_phone_numbers: shown.map(numberJson),
    page,
    page_size: size,
    start: page * size,
    end: page * size + Math.max(shown.length - 1, 0),
    uri: uri(page),
    first_page_uri: uri(0),
    next_page_uri: all.length > (page + 1) * size ? uri(page + 1) : null,
    previous_page_uri: page > 0 ? uri(page - 1) : null,
  });
}

function buyNumber({ world, account, form }: ApiRequest): Reply {
  const areaCode = form.get('AreaCode');
  const phoneNumber = form.has('PhoneNumber') ? readNumber(form.get('PhoneNumber')) : inArea(areaCode);
  if (areaCode === '533') return refuse(400, 21452, `No phone numbers found in area code ${areaCode}`);
  if (phoneNumber === '+15005550000' || world.numbers.byNumber(phoneNumber)) {
    return refuse(400, 21422, `${phoneNumber} is not available.`);
  }
  if (phoneNumber === '+15005550001' || !isPhoneNumber(phoneNumber)) {
    return refuse(400, 21421, `${phoneNumber} is not a valid number`);
  }
  const now = world.time.now();
  const number: OwnedNumber = {
    sid: newSid('PN'),
    accountSid: account.sid,
    phoneNumber,
    friendlyName: phoneNumber,
    smsUrl: '',
    smsMethod: 'POST',
    smsFallbackUrl: '',
    smsFallbackMethod: 'POST',
    statusCallback: '',
    statusCallbackMethod: 'POST',
    createdAt: now,
    updatedAt: now,
  };
  applyForm(number, form, now);
  world.numbers.add(number);
  return ok(numberJson(number), 201);
}

function inArea(areaCode: string | null): string {
  if (areaCode === null || !/^\d{3}$/.test(areaCode)) return '';
  return `+1${areaCode}${2_000_000 + Math.floor(Math.random() * 7_999_999)}`;
}

function applyForm(number: OwnedNumber, form: URLSearchParams, now: number) {
  const text = (name: string, otherwise: string) => form.get(name) ?? otherwise;
  const method = (name: string, otherwise: 'GET' | 'POST') =>
    form.has(name) ? (form.get(name)?.toUpperCase() === 'GET' ? 'GET' : 'POST') : otherwise;
  number.friendlyName = text('FriendlyName', number.friendlyName);
  number.smsUrl = text('SmsUrl', number.smsUrl);
  number.smsMethod = method('SmsMethod', number.smsMethod);
  number.smsFallbackUrl = text('SmsFallbackUrl', number.smsFallbackUrl);
  number.smsFallbackMethod = method('SmsFallbackMethod', number.smsFallbackMethod);
  number.statusCallback = text('StatusCallback', number.statusCallback);
  number.statusCallbackMethod = method('StatusCallbackMethod', number.statusCallbackMethod);
  number.updatedAt = now;
}
