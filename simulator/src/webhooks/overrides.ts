export type Retry = 'ct' | 'rt' | '4xx' | '5xx' | 'all';

/** How a webhook is tried: Twilio's connection overrides, milliseconds. */
export interface Overrides {
  connectTimeout: number;
  readTimeout: number;
  totalTime: number;
  retryCount: number;
  retryOn: Set<Retry>;
  /** Twilio's code for a fragment it cannot use, or null. */
  warning: number | null;
}

const retries = new Set<string>(['ct', 'rt', '4xx', '5xx', 'all']);
const edges = /^(ashburn|dublin|frankfurt|sao-paulo|singapore|sydney|tokyo|umatilla)(-ix)?$/;

/**
 * Reads the overrides in a URL's fragment (`rc=3&rp=all&ct=2000`), with Twilio's ranges and defaults. Values out of range
 * are brought into it; a bad `rp` is 11243, a bad edge 11240, both with the default in its place.
 */
export function readOverrides(fragment: string): Overrides {
  const given = new URLSearchParams(fragment);
  const number = (name: string, least: number, most: number, otherwise: number) => {
    const value = given.get(name);
    return value !== null && /^\d+$/.test(value) ? Math.min(Math.max(Number(value), least), most) : otherwise;
  };
  const policy = given.get('rp')?.split(',') ?? ['ct'];
  const badPolicy = policy.some((retry) => !retries.has(retry));
  const badEdge =
    given
      .get('e')
      ?.split(',')
      .some((edge) => !edges.test(edge)) ?? false;
  return {
    connectTimeout: number('ct', 100, 10_000, 5000),
    readTimeout: number('rt', 100, 15_000, 15_000),
    totalTime: number('tt', 100, 15_000, 15_000),
    retryCount: number('rc', 0, 5, 1),
    retryOn: new Set(badPolicy ? ['ct'] : (policy as Retry[])),
    warning: badPolicy ? 11243 : badEdge ? 11240 : null,
  };
}
