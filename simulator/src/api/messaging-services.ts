import { newSid } from '../ids.ts';
import type { Service } from '../messaging-services.ts';
import { noContent, notFound, ok, type Reply, refuse } from './reply.ts';
import type { ApiRequest } from './request.ts';
import { pageMeta, serviceJson } from './service-json.ts';

/** GET and POST /v1/Services. */
export function manyServices(request: ApiRequest): Reply {
  const { world, account, method, form, path } = request;
  if (method !== 'POST') {
    const services = world.services.of(account.sid).map((service) => serviceJson(world, service));
    return ok({ services, meta: pageMeta(world, path, 'services') });
  }
  const friendlyName = form.get('FriendlyName');
  if (!friendlyName) return refuse(400, 20001, 'Missing required parameter FriendlyName in the post body');
  const now = world.time.now();
  const service: Service = {
    sid: newSid('MG'),
    accountSid: account.sid,
    friendlyName,
    inboundRequestUrl: null,
    inboundMethod: 'POST',
    fallbackUrl: null,
    fallbackMethod: 'POST',
    statusCallback: null,
    useInboundWebhookOnNumber: false,
    stickySender: true,
    smartEncoding: true,
    mmsConverter: true,
    fallbackToLongCode: true,
    areaCodeGeomatch: true,
    validityPeriod: 36_000,
    usecase: 'undeclared',
    advancedOptOut: false,
    createdAt: now,
    updatedAt: now,
    pool: new Map(),
    sticky: new Map(),
    turn: 0,
  };
  applyForm(service, form, now);
  world.services.add(service);
  return ok(serviceJson(world, service), 201);
}

/** GET, POST and DELETE /v1/Services/{sid}. */
export function oneService({ world, method, form }: ApiRequest, service: Service): Reply {
  if (method === 'DELETE') {
    world.services.remove(service);
    return noContent;
  }
  if (method === 'POST') applyForm(service, form, world.time.now());
  return ok(serviceJson(world, service));
}

/** GET and POST /v1/Services/{sid}/PhoneNumbers. */
export function poolNumbers({ world, account, method, form, path }: ApiRequest, service: Service): Reply {
  if (method !== 'POST') {
    const numbers = [...service.pool.keys()].map((sid) => poolJson(world, service, sid));
    return ok({ phone_numbers: numbers, meta: pageMeta(world, path, 'phone_numbers') });
  }
  const number = world.numbers.bySid(form.get('PhoneNumberSid') ?? '');
  if (number?.accountSid !== account.sid) return notFound(path);
  const holder = world.services.holding(number.sid);
  if (holder === service) return refuse(409, 21710, 'Phone Number is already in the Messaging Service.');
  if (holder) return refuse(409, 21712, 'Phone Number is associated with another Messaging Service.');
  world.services.join(service, number.sid, world.time.now());
  return ok(poolJson(world, service, number.sid), 201);
}

/** GET and DELETE /v1/Services/{sid}/PhoneNumbers/{sid}. */
export function onePoolNumber({ world, method, path }: ApiRequest, service: Service, sid: string): Reply {
  if (!service.pool.has(sid)) return notFound(path);
  if (method !== 'DELETE') return ok(poolJson(world, service, sid));
  world.services.leave(sid);
  return noContent;
}

function poolJson(world: ApiRequest['world'], service: Service, sid: string): Record<string, unknown> {
  const at = new Date(service.pool.get(sid) ?? 0).toISOString();
  const phoneNumber = world.numbers.bySid(sid)?.phoneNumber ?? '';
  return {
    sid,
    account_sid: service.accountSid,
    service_sid: service.sid,
    phone_number: phoneNumber,
    country_code: phoneNumber.startsWith('+1') ? 'US' : '',
    capabilities: ['SMS', 'MMS'],
    date_created: at,
    date_updated: at,
    url: `${world.url}/v1/Services/${service.sid}/PhoneNumbers/${sid}`,
  };
}

function applyForm(service: Service, form: URLSearchParams, now: number) {
  const flag = (name: string, otherwise: boolean) =>
    form.has(name) ? form.get(name)?.toLowerCase() === 'true' : otherwise;
  const url = (name: string, otherwise: string | null) =>
    form.has(name) ? form.get(name) || null : otherwise;
  const method = (name: string, otherwise: 'GET' | 'POST') =>
    form.has(name) ? (form.get(name)?.toUpperCase() === 'GET' ? 'GET' : 'POST') : otherwise;
  service.friendlyName = form.get('FriendlyName') ?? service.friendlyName;
  service.inboundRequestUrl = url('InboundRequestUrl', service.inboundRequestUrl);
  service.inboundMethod = method('InboundMethod', service.inboundMethod);
  service.fallbackUrl = url('FallbackUrl', service.fallbackUrl);
  service.fallbackMethod = method('FallbackMethod', service.fallbackMethod);
  service.statusCallback = url('StatusCallback', service.statusCallback);
  service.useInboundWebhookOnNumber = flag('UseInboundWebhookOnNumber', service.useInboundWebhookOnNumber);
  service.stickySender = flag('StickySender', service.stickySender);
  service.smartEncoding = flag('SmartEncoding', service.smartEncoding);
  service.mmsConverter = flag('MmsConverter', service.mmsConverter);
  service.fallbackToLongCode = flag('FallbackToLongCode', service.fallbackToLongCode);
  service.areaCodeGeomatch = flag('AreaCodeGeomatch', service.areaCodeGeomatch);
  service.validityPeriod = Number(form.get('ValidityPeriod') ?? service.validityPeriod);
  service.usecase = form.get('Usecase') ?? service.usecase;
  service.updatedAt = now;
}
